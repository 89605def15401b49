"""Runs all checks of a suite without pytest's machinery, and tells which fail."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from inspect import signature
from pathlib import Path

import pytest
from packaging.version import Version

from ha_device_backup_core.contract import DeviceBackupHandler
from ha_device_backup_core.testing import HandlerConformance
from ha_device_backup_core.testing.checks.package import bounds_of_core
from tests.core.distributions import SitePackages

from .clock import simulated_clock

REQUIREMENT = f"ha-device-backup-core{bounds_of_core(Version(version('ha-device-backup-core')))}"


@dataclass
class Outcome:
    """What came of the checks."""

    passed: set[str]
    failed: dict[str, str]
    skipped: dict[str, str]


def suite_of(handler: type[DeviceBackupHandler], **attributes: object) -> type[HandlerConformance]:
    """Return what an author would write, with a simulated clock."""
    own: dict[str, object] = {"handler": handler, "patience": 0.6, "simulator": lambda self: simulated_clock()}
    return type("TestClock", (HandlerConformance,), own | attributes)


@contextmanager
def installed(
    handler: type[DeviceBackupHandler], folder: Path, patch: pytest.MonkeyPatch, requires: str = REQUIREMENT
) -> Iterator[None]:
    """Install a distribution that registers the handler."""
    source = (
        "from ha_device_backup_core import hookimpl\n"
        f"from {handler.__module__} import {handler.__qualname__} as handler\n"
        "@hookimpl\n"
        "def device_backup_handlers():\n"
        "    return [handler]\n"
    )
    site = SitePackages(folder)
    site.install("ha-device-backup-clock", source, module="installed_clock", requires=[requires])
    with patch.context() as patched:
        patched.syspath_prepend(str(folder))
        try:
            yield
        finally:
            site.forget()


def run_checks(
    suite: type[HandlerConformance],
    capsys: pytest.CaptureFixture[str],
    only: str = "",
    *,
    without: Collection[str] = frozenset(),
) -> Outcome:
    """Run the checks, each with every device."""
    outcome = Outcome(set(), {}, {})
    for name in sorted({only} if only else suite.checks() - set(without)):
        check = getattr(suite(), f"test_{name}")
        wanted = signature(check).parameters
        for source in suite.sources() if "source" in wanted else [None]:
            available = {"source": source, "capsys": capsys}
            try:
                check(**{key: available[key] for key in wanted})
            except pytest.fail.Exception as failure:
                outcome.failed[name] = str(failure)
            except pytest.skip.Exception as skip:
                outcome.skipped[name] = str(skip)
            else:
                outcome.passed.add(name)
    return outcome
