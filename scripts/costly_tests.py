"""Finds what the older Python can do without: tests that cost much and run no line that others do not.

Run it there, with what pytest gets: `python -m scripts.costly_tests tests/core tests/agent tests/handlers_*
tests/simulators`. It writes what it finds beneath those folders into `tests/costly.txt`.
"""

import resource
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import coverage
import pytest

from tests.again import COSTLY, FIFTH, ONCE, function_of

PACKAGES = (
    "ha_device_backup_core",
    "ha_device_backup_agent",
    "ha_device_backup_fritzbox",
    "ha_device_backup_http",
    "ha_device_backup_ssh",
    "ha_device_backup_tasmota",
    "ha_device_backup_wled",
)
MUCH_SECONDS = 0.1
"""Of processor time, for all cases of a function; what costs less is not worth a line in the list."""

IN_OTHER_PROCESSES = (
    "tests/agent/test_supervisor.py",
    "tests/core/cli/test_command.py",
    "tests/core/cli/test_interrupted.py",
    "tests/core/cli/test_surroundings.py",
    "tests/core/plugins/",
    "tests/core/testing/test_recorder.py",
    "tests/core/testing/test_side_effects.py",
)
"""Files whose lines run where nobody sees them: they stay, whatever they cost."""

type CodeLine = tuple[str, int]


class Recorder:
    """Plug-in of pytest that notes which lines each test function runs, and the processor time that it takes."""

    def __init__(self, measured: coverage.Coverage) -> None:
        """Take what measures the lines."""
        self._measured = measured
        self.seconds = defaultdict[str, float](float)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Run a test, and count what it took."""
        function = function_of(item.nodeid)
        self._measured.switch_context(function)
        before = _processor_seconds()
        try:
            return (yield)
        finally:
            self.seconds[function] += _processor_seconds() - before


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def costly(
    seconds: Mapping[str, float], lines: Mapping[str, AbstractSet[CodeLine]], much: float = MUCH_SECONDS
) -> list[str]:
    """Return functions without which all lines are run and each file is tried still; what costs most goes first."""
    runs = Counter(line for function in seconds for line in lines.get(function, ()))
    left = Counter(_file_of(function) for function in seconds)
    found = []
    for function in sorted(seconds, key=lambda function: (-seconds[function], function)):
        if seconds[function] < much:
            break
        if function.startswith(IN_OTHER_PROCESSES):
            continue
        own = lines.get(function, frozenset())
        if left[_file_of(function)] > 1 and all(runs[line] > 1 for line in own):
            runs.subtract(own)
            left[_file_of(function)] -= 1
            found.append(function)
    return sorted(found)


def _file_of(function: str) -> str:
    return function.partition("::")[0]


def _recorded(arguments: Sequence[str]) -> tuple[Mapping[str, float], Mapping[str, AbstractSet[CodeLine]]]:
    """Run the tests that run again; return the processor seconds and the lines of each function."""
    with tempfile.TemporaryDirectory() as folder:
        # The quicker core of coverage sees each line once, whoever runs it again.
        measured = coverage.Coverage(data_file=Path(folder) / "lines", config_file=False, source_pkgs=PACKAGES)
        measured.set_option("run:core", "ctrace")
        measured.set_option("run:disable_warnings", ["module-not-imported"])
        recorder = Recorder(measured)
        with measured.collect():
            status = pytest.main(["-qq", "-p", "no:cacheprovider", "-m", f"not {ONCE}", FIFTH, *arguments], [recorder])
        if status != pytest.ExitCode.OK:
            raise SystemExit("Nothing is written: each test has to pass.")
        data = measured.get_data()
        lines = defaultdict[str, set[CodeLine]](set)
        for file in data.measured_files():
            for number, functions in data.contexts_by_lineno(file).items():
                for function in functions:
                    lines[function].add((file, number))
        return recorder.seconds, lines


def main(arguments: Sequence[str]) -> None:
    """Run the tests, and write down which of them can be done without."""
    seconds, lines = _recorded(arguments)
    found = costly(seconds, lines)
    tried = {_file_of(function) for function in seconds}
    others = [line for line in COSTLY.read_text(encoding="utf-8").splitlines() if _file_of(line) not in tried]
    COSTLY.write_text("".join(f"{line}\n" for line in sorted({*others, *found})), encoding="utf-8")
    spared = sum(seconds[function] for function in found)
    print(f"{len(found)} of {len(seconds)} functions take {spared / sum(seconds.values()):.0%} of the processor time.")


if __name__ == "__main__":
    main(sys.argv[1:])
