"""Looks at a handler package in an interpreter of its own, where it can hang or crash without hurting anybody."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from .errors import Problem, ProblemKind
from .plugins import find_entries, normal_name
from .registry import HandlerScanner

EXAMINATION_SECONDS = 60.0
"""From the start of the interpreter to its end; small computers take their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What became of a package when it was loaded."""

    kinds: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def examine_package(
    distribution: str, version: str, *, python: str = sys.executable, limit: float = EXAMINATION_SECONDS
) -> Examination:
    """Load an installed package in another interpreter and return what it brings; blocking."""
    try:
        finished = subprocess.run(  # noqa: S603 - the interpreter that has the package
            [python, "-P", "-m", __name__, distribution],
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return _failed(distribution, version, ProblemKind.IMPORT_HANGS, f"did not end within {limit:g} seconds")
    lines = finished.stdout.decode(errors="replace").splitlines()
    try:
        answer = json.loads(lines[-1])
    except (IndexError, ValueError):
        words = f"ended the interpreter with status {finished.returncode}"
        return _failed(distribution, version, ProblemKind.IMPORT_FAILED, words)
    return Examination(
        kinds=tuple(answer["kinds"]),
        problems=tuple(Problem(**problem | {"kind": ProblemKind(problem["kind"])}) for problem in answer["problems"]),
    )


def _failed(distribution: str, version: str, kind: ProblemKind, words: str) -> Examination:
    message = f"{distribution} {version} {words} when it was imported. Report this to its author."
    return Examination(
        problems=(Problem(kind=kind, distribution=distribution, version=version, message=message),),
    )


def main(distribution: str) -> None:
    """Load the package and print what it brings as the last line."""
    entries = [entry for entry in find_entries() if normal_name(entry.distribution) == normal_name(distribution)]
    registry = HandlerScanner(import_limit=EXAMINATION_SECONDS).load(entries)
    problems = [
        {
            "kind": problem.kind,
            "distribution": problem.distribution,
            "version": problem.version,
            "message": problem.message,
            "handler_kind": problem.handler_kind,
        }
        for problem in registry.problems
    ]
    sys.stdout.write(f"\n{json.dumps({'kinds': list(registry.handlers), 'problems': problems})}\n")
    sys.stdout.flush()
    # What the package left running must not keep this process.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
