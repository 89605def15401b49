"""Packages good and bad, really installed: what is no good goes again, and nothing else ever changes."""

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest

from ha_device_backup_core.packages.install_transaction import (
    InstallEnvironment,
    InstallResult,
    add_package,
)
from ha_device_backup_core.packages.requirement import PackageError, PackageRecord, PackageVersion
from ha_device_backup_core.text import in_language
from tests.core.distributions import handler_source
from tests.core.package_home import PackageHome
from tests.simulators.wheels import write_source_distribution, write_wheel

pytestmark = [pytest.mark.xdist_group("packages"), pytest.mark.once]

NAME = "acme-clock"
HELPER = "acme-gears"
GOOD = PackageVersion(NAME, "2.0")
ENVIRONMENT = InstallEnvironment(
    taken={"lamp": "ha-device-backup-lamp 1.4"}, replaceable=frozenset(), needed=frozenset()
)
wheel = partial(partial, write_wheel, name=NAME, source=handler_source("clock"))


async def add(home: PackageHome, package: PackageVersion, *, is_listed: bool = False) -> InstallResult:
    return await asyncio.to_thread(add_package, home.installer, package, ENVIRONMENT, is_listed=is_listed)


def nothing(folder: Path) -> None:
    """Publish nothing."""


def needs_source(folder: Path) -> None:
    write_wheel(folder, NAME, source=handler_source("clock"), requires=["only-source"])
    write_source_distribution(folder, "only-source")


def needs_what_reaches_out(folder: Path) -> None:
    write_wheel(folder, NAME, source=handler_source("clock"), requires=["greedy-helper"])
    write_wheel(folder, "greedy-helper", entry_points="", more={"yarl/_helper.py": ""})


def damaged(folder: Path) -> None:
    (folder / "acme_clock-1.0-py3-none-any.whl").write_bytes(b"<html>Log in</html>")


CRASHES = "import os; os._exit(3)"
HANGS = "import time; time.sleep(300)"
BAD: dict[str, tuple[Callable[..., object], str, tuple[str, ...]]] = {
    "not found": (nothing, "not_found", (NAME,)),
    "no such version": (wheel(version="0.9"), "version_not_found", (NAME, "1.0")),
    "only source": (partial(write_source_distribution, name=NAME), "no_wheel", (NAME,)),
    "needs what is only source": (needs_source, "no_wheel", ("only-source", NAME)),
    "for another computer": (wheel(tag="cp313-cp313-win_amd64"), "no_wheel", (NAME,)),
    "for another Python": (wheel(requires_python=">=3.99"), "other_python", (NAME, ">=3.99")),
    "needs what nobody has": (wheel(requires=["no-such-thing>=3"]), "needs_unknown", (NAME, "no-such-thing")),
    "damaged file": (damaged, "damaged", (f"{NAME} 1.0",)),
    "conflicts with the host": (wheel(requires=["aiohttp<3"]), "conflict", (f"{NAME} 1.0", "aiohttp<3")),
    "conflicts with what the host may need": (wheel(requires=["numpy<2"]), "failed", (f"{NAME} 1.0", "numpy")),
    "needs another core": (
        wheel(requires=["ha-device-backup-core>=9"]),
        "conflict",
        (f"{NAME} 1.0", "ha-device-backup-core>=9", f"ha-device-backup-core {version('ha-device-backup-core')}"),
    ),
    "files of others": (
        wheel(source=handler_source("clock"), more={"yarl/__init__.py": "raise SystemExit"}),
        "of_another",
        (f"{NAME} 1.0", "yarl/__init__.py", "yarl"),
    ),
    "a module of others": (
        wheel(source=handler_source("clock"), more={"yarl/more.py": ""}),
        "of_another",
        (f"{NAME} 1.0", "yarl"),
    ),
    "a module of Python": (wheel(source="", more={"json.py": ""}), "of_another", (f"{NAME} 1.0", "json")),
    "the core": (
        wheel(source="", more={"ha_device_backup_core/__init__.py": ""}),
        "of_another",
        (f"{NAME} 1.0", "ha_device_backup_core"),
    ),
    "runs at every start": (wheel(more={"a.pth": "import acme_clock"}), "runs_at_start", (f"{NAME} 1.0", "a.pth")),
    "a script of others": (
        wheel(entry_points="[console_scripts]\nha-device-backup = acme_clock:main\n"),
        "of_another",
        (f"{NAME} 1.0", "ha-device-backup", "ha-device-backup-core"),
    ),
    "what it needs has files of others": (needs_what_reaches_out, "of_another", ("greedy-helper 1.0", "yarl")),
    "claims files of others": (wheel(also_listed=["yarl/__init__.py"]), "reaches_out", (f"{NAME} 1.0", "yarl")),
    "no handler": (wheel(entry_points=""), "no_handler", (f"{NAME} 1.0",)),
    "raises at import": (wheel(source="raise OSError('no luck')"), "unusable", (f"{NAME} 1.0", "no luck")),
    "ends the interpreter": (wheel(source=CRASHES), "unusable", (f"{NAME} 1.0", "status 3")),
    "hangs": (wheel(source=HANGS), "unusable", (f"{NAME} 1.0", "seconds")),
    "too new": (
        wheel(source=handler_source("clock", api="ApiVersion(1, 9)")),
        "unusable",
        (f"{NAME} 1.0", "1.9", "Update Device Backups"),
    ),
    "a kind that is taken": (
        wheel(source=handler_source("lamp")),
        "duplicate_kind",
        (f"{NAME} 1.0", "lamp", "ha-device-backup-lamp 1.4"),
    ),
}


@pytest.mark.parametrize(("publish", "reason", "words"), BAD.values(), ids=BAD)
async def test_bad_package_changes_nothing_and_says_why(
    packages: PackageHome,
    publish: Callable[..., object],
    reason: str,
    words: tuple[str, ...],
    request: pytest.FixtureRequest,
) -> None:
    publish(packages.index.folder)
    before = files(packages)
    quick = packages if "hangs" not in request.node.callspec.id else _impatient(packages)

    with pytest.raises(PackageError) as caught:
        await add(quick, PackageVersion(NAME, "1.0"))

    told = " ".join(in_language(value, "en") for value in caught.value.values.values())
    assert (caught.value.reason, [word for word in words if word not in told]) == (reason, []), told
    assert files(packages) == before


def files(home: PackageHome) -> dict[str, tuple[int, int]]:
    """Return the size and the time of every file of the Python that packages are installed for."""
    root = home.site_packages().parents[2]
    found = {path: path.stat() for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {str(path.relative_to(root)): (stat.st_size, stat.st_mtime_ns) for path, stat in found.items()}


@pytest.mark.parametrize("case", ["not found", "files of others", "raises at import"])
async def test_a_good_package_comes_after_a_bad_one(packages: PackageHome, case: str) -> None:
    """Of those that are not there, that are refused before anything is installed, and that are taken out again."""
    publish, _, _ = BAD[case]
    publish(packages.index.folder)
    before = packages.versions()
    with pytest.raises(PackageError):
        await add(packages, PackageVersion(NAME, "1.0"))

    packages.publish(NAME, "2.0", kind="clock", requires=(HELPER,))
    write_wheel(packages.index.folder, HELPER, entry_points="")
    record = PackageRecord(package=GOOD, kinds=("clock",))
    assert await add(packages, GOOD) == InstallResult(record, frozenset({HELPER}))
    assert packages.versions() == {**before, NAME: "2.0", HELPER: "1.0"}


def _impatient(home: PackageHome) -> PackageHome:
    from dataclasses import replace

    return replace(home, installer=replace(home.installer, examination_seconds=2))


async def test_what_others_own_stays_when_a_package_that_claims_it_goes(packages: PackageHome) -> None:
    await packages.have(GOOD, kind="clock")
    folder = packages.site_packages()
    (record,) = folder.glob("acme_clock-2.0.dist-info/RECORD")
    outside = folder.parents[3] / "outside.txt"
    outside.write_text("of somebody else")
    claimed = ("yarl/__init__.py", "../../../../outside.txt")
    record.write_text(record.read_text() + "".join(f"{path},,\n" for path in claimed))
    before = (folder / "yarl/__init__.py").read_bytes()

    assert await asyncio.to_thread(packages.installer.uninstall, {NAME}, (), ()) == {NAME}

    assert (folder / "yarl/__init__.py").read_bytes() == before
    assert outside.read_text() == "of somebody else"
    assert not (folder / "acme_clock.py").exists()
    assert NAME not in packages.versions()


async def test_what_others_own_stays_when_a_package_that_claims_it_is_updated(packages: PackageHome) -> None:
    await packages.have(GOOD, kind="clock")
    folder = packages.site_packages()
    (record,) = folder.glob("acme_clock-2.0.dist-info/RECORD")
    record.write_text(record.read_text() + "yarl/__init__.py,,\n")
    before = (folder / "yarl/__init__.py").read_bytes()
    packages.publish(NAME, "2.1", kind="clock")

    await add(packages, PackageVersion(NAME, "2.1"), is_listed=True)

    assert (folder / "yarl/__init__.py").read_bytes() == before
    assert packages.versions()[NAME] == "2.1"


async def test_the_newest_version_is_the_one_that_fits_here(packages: PackageHome) -> None:
    await packages.have(GOOD, kind="clock")
    present = packages.installer.installed()

    async def newest() -> str:
        return await asyncio.to_thread(packages.installer.newest, GOOD, present, ())

    assert await newest() == "2.0"
    packages.publish(NAME, "2.1", kind="clock")
    wheel(version="2.2", requires=["aiohttp<3"])(folder=packages.index.folder)
    wheel(version="2.3rc1")(folder=packages.index.folder)
    assert await newest() == "2.1"
    packages.index.is_down = True
    with pytest.raises(PackageError) as caught:
        await newest()
    assert caught.value.reason == "unreachable"
