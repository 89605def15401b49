"""Looks at a handler package in an interpreter of its own, where it can hang or crash without hurting anybody."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from ..package_problems import Problem, ProblemKind
from ..text import Text, _
from ..text_documents import text_document, text_of
from .entry_points import find_entries, normal_name
from .registry import HandlerScanner
from .trial import interpreter_environment, private_output

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
    package = f"{distribution} {version}"
    try:
        finished = subprocess.run(  # noqa: S603 - the interpreter that has the package
            [python, "-P", "-m", __name__, distribution],
            capture_output=True,
            check=False,
            env=interpreter_environment(),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return _failed(
            distribution,
            version,
            ProblemKind.IMPORT_HANGS,
            _(
                "{package} did not end within {limit} seconds when it was imported. Report this to its author.",
                package=package,
                limit=f"{limit:g}",
            ),
        )
    try:
        answer = json.loads(finished.stdout)
    except ValueError:
        return _failed(
            distribution,
            version,
            ProblemKind.IMPORT_FAILED,
            _(
                "{package} ended the interpreter with status {status} when it was imported. Report this to its author.",
                package=package,
                status=finished.returncode,
            ),
        )
    return Examination(
        kinds=tuple(answer["kinds"]),
        problems=tuple(_problem(problem) for problem in answer["problems"]),
    )


def _problem(document: dict[str, Any]) -> Problem:
    return Problem(
        **document | {"kind": ProblemKind(document["kind"]), "message": text_of(document["message"])},
    )


def _failed(distribution: str, version: str, kind: ProblemKind, message: Text) -> Examination:
    return Examination(
        problems=(Problem(kind=kind, distribution=distribution, version=version, message=message),),
    )


def main(distribution: str) -> None:
    """Load the package and tell what it brings, whatever it prints itself."""
    answers = private_output()
    entries = [entry for entry in find_entries() if normal_name(entry.distribution) == normal_name(distribution)]
    registry = HandlerScanner(import_limit=EXAMINATION_SECONDS).load(entries)
    problems = [
        {
            "kind": problem.kind,
            "distribution": problem.distribution,
            "version": problem.version,
            "message": text_document(problem.message),
            "handler_kind": problem.handler_kind,
        }
        for problem in registry.problems
    ]
    answers.write(json.dumps({"kinds": list(registry.handlers), "problems": problems}).encode())
    answers.close()
    # What the package left running must not keep this process.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
