"""Time that looking for handler packages adds to the start of Home Assistant when 50 of them are installed.

Each package is the small handler of the page for authors, a distribution of its own, compiled as an installer leaves
it. The scan is measured in the environment of Home Assistant, among all that is installed there, in fresh interpreters,
with none and with 50 more packages in turns: `find` reads what is installed, `import` imports each package and checks
what it brings. A manager is started in the same way, and the longest time that one callback held its event loop is
told: wall time counts also what other processes and the thread of the scan took meanwhile, processor time does not.
"""

import argparse
import compileall
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.simulators.wheels import write_wheel

GOAL_MILLISECONDS = 100.0
PAGE = Path(__file__).parents[1] / "docs/smallest-handler.md"
PROGRAM = Path(__file__).with_name("scan_once.py")

type Runs = list[dict[str, float]]


def install(folder: Path, count: int) -> None:
    """Unpack so many handler packages into a folder."""
    (source,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    with tempfile.TemporaryDirectory() as wheels:
        for number in range(count):
            handler = source.replace('kind="clock"', f'kind="clock_{number}"')
            wheel = write_wheel(
                Path(wheels), f"clock-{number}", source=handler, requires=["ha-device-backup-core>=0.1,<0.2"]
            )
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
    compileall.compile_dir(folder, quiet=1)


def measure(kind: str, folder: Path) -> dict[str, float]:
    """Measure once in a fresh interpreter that also finds what is installed in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    finished = subprocess.run(
        [sys.executable, "-P", PROGRAM, kind],
        env={**environment, "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    result: dict[str, float] = json.loads(finished.stdout)
    return result


def benchmark(work: Path, count: int, rounds: int) -> dict[str, dict[str, Runs]]:
    """Measure without and with the packages in turns; the first round only compiles and fills the caches of files."""
    folders = {"without": work / "none", "with": work / "many"}
    for name, folder in folders.items():
        folder.mkdir()
        install(folder, count if name == "with" else 0)
    runs: dict[str, dict[str, Runs]] = {kind: {name: [] for name in folders} for kind in ("scan", "start")}
    for number in track(range(rounds + 1), description="Measuring"):
        for kind, of_kind in runs.items():
            for name, folder in folders.items():
                result = measure(kind, folder)
                if number:
                    of_kind[name].append(result)
    return runs


def median(runs: Runs, key: str) -> float:
    """Return the median of one figure."""
    return statistics.median(run[key] for run in runs)


def show(runs: dict[str, dict[str, Runs]]) -> None:
    """Print medians, what the packages add, how often as long it takes with them, and what the quickest runs tell."""
    table = Table(title="Medians in milliseconds")
    for column in ("", "Without", "With", "Added", "Ratio", "Added at best"):
        table.add_column(column, justify="right")
    for kind, key in (("scan", "find"), ("scan", "import"), ("scan", "scan"), ("start", "start")):
        without, with_packages = (median(runs[kind][name], key) for name in ("without", "with"))
        quickest = [min(run[key] for run in runs[kind][name]) for name in ("without", "with")]
        figures = (without, with_packages, with_packages - without)
        ratio = f"{with_packages / without:.2f}"
        table.add_row(key, *(f"{figure:.1f}" for figure in figures), ratio, f"{quickest[1] - quickest[0]:.1f}")
    Console(width=100).print(table)
    counts = " and ".join(f"{runs['scan'][name][0]['packages']:.0f}" for name in ("without", "with"))
    added = median(runs["scan"]["with"], "scan") - median(runs["scan"]["without"], "scan")
    print(f"added by the packages: {added:.1f} ms (goal {GOAL_MILLISECONDS:.0f}); {counts} handler packages")
    for name in ("without", "with"):
        started = runs["start"][name]
        print(
            f"{name} them, longest block of the event loop: median {median(started, 'block'):.1f} ms,"
            f" of them processor {median(started, 'processor'):.1f} ms"
        )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", type=Path, help="write every measurement there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-") as work:
        runs = benchmark(Path(work), arguments.packages, arguments.rounds)
    show(runs)
    if arguments.json:
        arguments.json.write_text(json.dumps(runs, indent=2))


if __name__ == "__main__":
    main()
