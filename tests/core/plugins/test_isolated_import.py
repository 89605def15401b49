"""Handler packages are looked at elsewhere before they are let in."""

from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.isolated_import import Examination, examine_package

from ..distributions import SitePackages, handler_source, in_english


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SitePackages:
    monkeypatch.syspath_prepend(tmp_path)
    return SitePackages(tmp_path)


def problem(kind: ProblemKind, message: str, handler_kind: str | None = None) -> Problem:
    return Problem(kind=kind, distribution="new-plugin", version="1.0", message=message, handler_kind=handler_kind)


def test_package_with_a_handler(site: SitePackages) -> None:
    site.install("new-plugin", "print('not an answer')\n" + handler_source("new"))

    assert examine_package("New.Plugin", "1.0") == Examination(kinds=("new",))


def test_package_without_any(site: SitePackages) -> None:
    site.install("new-plugin", handler_source("new"), entry_points="")

    assert examine_package("new-plugin", "1.0") == Examination()


def test_package_that_cannot_be_loaded(site: SitePackages) -> None:
    site.install("new-plugin", "raise RuntimeError('no luck')")

    assert _examined() == Examination(
        problems=(
            problem(
                ProblemKind.IMPORT_FAILED,
                "new-plugin 1.0 cannot be imported (RuntimeError: no luck). Update it, or report this to its author.",
                "new_plugin",
            ),
        )
    )


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("import os; os._exit(3)", ProblemKind.IMPORT_FAILED, "ended the interpreter with status 3"),
        ("import os; print('[1'); os._exit(0)", ProblemKind.IMPORT_FAILED, "ended the interpreter with status 0"),
        ("import os; os.kill(os.getpid(), 9)", ProblemKind.IMPORT_FAILED, "ended the interpreter with status -9"),
        ("import time; time.sleep(60)", ProblemKind.IMPORT_HANGS, "did not end within 3 seconds"),
    ],
)
def test_package_that_takes_the_interpreter_with_it(
    site: SitePackages, source: str, kind: ProblemKind, words: str
) -> None:
    site.install("new-plugin", source)

    assert _examined(limit=3 if kind is ProblemKind.IMPORT_HANGS else 60) == Examination(
        problems=(problem(kind, f"new-plugin 1.0 {words} when it was imported. Report this to its author."),)
    )

    site.install("new-plugin", handler_source("new"))
    assert examine_package("new-plugin", "1.0") == Examination(kinds=("new",))


def test_package_that_leaves_something_running(site: SitePackages) -> None:
    site.install(
        "new-plugin",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n" + handler_source("new"),
    )

    assert examine_package("new-plugin", "1.0") == Examination(kinds=("new",))


def _examined(limit: float = 60) -> Examination:
    found = examine_package("new-plugin", "1.0", limit=limit)
    return replace(found, problems=tuple(map(in_english, found.problems)))
