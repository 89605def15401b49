"""Command line behind `scripts/test` and `scripts/demo`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from . import browser, checks, environments, interpreters, servers, summary, uv
from .checks import OLDEST_PYTHON, PARTS, part_of
from .commands import environment
from .environments import HOME_ASSISTANT, NOX, OLDEST_HOME_ASSISTANT
from .paths import ROOT, TOOLS
from .steps import SetupError

DEMO = ROOT / "scripts/demo_main.py"
INTERRUPTED = 130


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    test = commands.add_parser("test", prog="scripts/test", help="run all checks, or the named parts")
    known = f"{', '.join(PARTS)}, or a session such as core-3.13"
    test.add_argument("parts", nargs="*", metavar="part", help=known)
    commands.add_parser("prepare", prog="scripts/with-python prepare", help="only prepare everything")
    arguments = parser.parse_args(words)
    unknown = [part for part in getattr(arguments, "parts", ()) if part_of(part) not in PARTS]
    if unknown:
        test.error(f"there is no part {', '.join(unknown)}; there are {known}")
    return arguments


def _home_assistant(program: Path) -> environments.Environment:
    interpreter = interpreters.prepare(interpreters.HOME_ASSISTANT, program)
    return environments.prepare(program, interpreter, HOME_ASSISTANT)


def _demo(words: Sequence[str]) -> int:
    python = _home_assistant(uv.prepare()).python
    if not DEMO.is_file():
        raise SetupError(f"{DEMO.relative_to(ROOT)} is missing in this clone.")
    os.chdir(ROOT)
    os.execve(python, [str(python), "-m", "scripts.demo_main", *words], environment())  # noqa: S606  (no shell is wanted)


def _test(parts: Sequence[str]) -> int:
    started = time.monotonic()
    program = uv.prepare()
    wanted = {part_of(part) for part in parts or PARTS}
    interpreter = interpreters.prepare(interpreters.HOME_ASSISTANT, program)
    if wanted & OLDEST_PYTHON:
        interpreters.prepare(interpreters.CORE_MINIMUM, program)
    nox = environments.prepare(program, interpreter, NOX).folder / "bin/nox"
    if "real_servers" in wanted:
        servers.prepare(program, interpreter)
    if "e2e" in wanted:
        for home_assistant in (HOME_ASSISTANT, OLDEST_HOME_ASSISTANT):
            environments.prepare(program, interpreter, home_assistant)
        browser.prepare()
    with tempfile.TemporaryDirectory(dir=TOOLS, prefix="reports-") as folder:
        reports = Path(folder)
        well = checks.run(nox, parts, reports)
        return 0 if summary.show(reports, time.monotonic() - started) and well else 1


def _prepare() -> int:
    program = uv.prepare()
    interpreters.prepare(interpreters.CORE_MINIMUM, program)
    interpreter = interpreters.prepare(interpreters.HOME_ASSISTANT, program)
    for wanted in (NOX, HOME_ASSISTANT, OLDEST_HOME_ASSISTANT):
        environments.prepare(program, interpreter, wanted)
    servers.prepare(program, interpreter)
    browser.prepare()
    return 0


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(words: Sequence[str]) -> int:
    """Run a command and return its exit status."""
    signal.signal(signal.SIGTERM, _terminate)
    # Ignored where a script starts this in the background; everything that is started here is ended by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if words[:1] == ["demo"]:
            return _demo(words[1:])
        arguments = _arguments(words)
        return _test(arguments.parts) if arguments.command == "test" else _prepare()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; everything that was started has been ended.", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
