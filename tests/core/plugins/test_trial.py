"""A package that ends the interpreter ends only the one that it is tried in."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.package_problems import ProblemKind
from ha_device_backup_core.plugins.registry import HandlerScanner
from ha_device_backup_core.plugins.trial import try_packages

from ..distributions import SitePackages, handler_source, in_english

ENDINGS = {
    "exit": "import os; os._exit(0)",
    "abort": "import os; os.abort()",
    "signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "interrupt": "import _thread; _thread.interrupt_main()",
    "relatives": "import os, signal; os.killpg(0, signal.SIGKILL)",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SitePackages]:
    monkeypatch.syspath_prepend(tmp_path)
    packages = SitePackages(tmp_path)
    yield packages
    packages.forget()


def test_packages_that_end_the_interpreter_are_found_and_the_others_work(site: SitePackages) -> None:
    for name, source in ENDINGS.items():
        site.install(f"trial-{name}", source)
    site.install("trial-before", "raise SystemExit")
    site.install("trial-printing", "import os; print('...'); os.write(1, b'....')\n" + handler_source("trial_printing"))
    site.install("trial-zzz", handler_source("trial_zzz"))

    registry = HandlerScanner(trial=try_packages).scan()

    ended = {
        problem.distribution: str(in_english(problem).message)
        for problem in registry.problems
        if "ends the whole program" in str(in_english(problem).message)
    }
    assert sorted(ended) == sorted(f"trial-{name}" for name in ENDINGS)
    assert ended["trial-exit"] == (
        "trial-exit 1.0 ends the whole program when it is imported (0), so it is not used."
        " Uninstall it, and report this to its author."
    )
    assert {problem.kind for problem in registry.problems} == {ProblemKind.IMPORT_FAILED}
    assert {"trial_printing", "trial_zzz"} <= set(registry.handlers)


def test_logging_stays_as_it_was(site: SitePackages, caplog: pytest.LogCaptureFixture) -> None:
    site.install(
        "trial-loud",
        "import logging\n"
        "logging.basicConfig(level=1, force=True)\n"
        "logging.disable()\n"
        "logging.getLogger().handlers.clear()\n" + handler_source("trial_loud"),
    )
    root = logging.getLogger()
    before = (root.level, list(root.handlers), root.manager.disable)

    assert "trial_loud" in HandlerScanner().scan().handlers

    assert (root.level, list(root.handlers), root.manager.disable) == before
