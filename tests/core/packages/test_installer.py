"""What the installer refuses, and what becomes of one that does not end."""

import asyncio
import errno
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.packages.install_transaction import InstallEnvironment, add_package
from ha_device_backup_core.packages.requirement import PackageError, PackageVersion
from tests.core.distributions import handler_source
from tests.core.package_home import PackageHome
from tests.simulators.wheels import write_wheel

pytestmark = [pytest.mark.xdist_group("packages"), pytest.mark.once]

ENVIRONMENT = InstallEnvironment(taken={}, replaceable=frozenset(), needed=frozenset())


async def add(home: PackageHome, package: PackageVersion) -> None:
    await asyncio.to_thread(add_package, home.installer, package, ENVIRONMENT, is_listed=False)


async def test_what_the_host_brought_is_not_changed(packages: PackageHome) -> None:
    before = packages.versions()
    packages.publish("aiohttp", "1.0")

    with pytest.raises(PackageError) as caught:
        await add(packages, PackageVersion("aiohttp", "1.0"))

    assert (caught.value.reason, caught.value.values) == (
        "protected",
        {"name": "aiohttp", "version": before["aiohttp"]},
    )
    assert packages.versions() == before


async def test_an_installation_that_does_not_end_is_ended(packages: PackageHome) -> None:
    packages.publish("slow-lamp")
    package = PackageVersion("slow-lamp", "1.0")
    hurried = replace(packages.installer, seconds=0.001)

    with pytest.raises(PackageError) as caught:
        await asyncio.to_thread(hurried.install, package, packages.installer.installed(), ())
    assert (caught.value.reason, caught.value.values) == ("too_slow", {})

    await add(packages, package)
    assert packages.versions()["slow-lamp"] == "1.0"


async def test_a_full_disk_is_told(packages: PackageHome, monkeypatch: pytest.MonkeyPatch) -> None:
    packages.publish("large-lamp")
    package = PackageVersion("large-lamp", "1.0")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(PackageError) as caught:
            await add(packages, package)
    assert (caught.value.reason, caught.value.values) == (
        "failed",
        {"package": "large-lamp 1.0", "detail": "No space left on device"},
    )

    await add(packages, package)
    assert packages.versions()["large-lamp"] == "1.0"


async def test_what_cannot_be_removed_is_told(packages: PackageHome) -> None:
    await packages.have(PackageVersion("stuck-lamp", "1.0"))
    (metadata,) = packages.site_packages().glob("stuck_lamp-*/RECORD")
    content = metadata.read_text()
    metadata.unlink()

    with pytest.raises(PackageError) as caught:
        await asyncio.to_thread(packages.installer.uninstall, {"stuck-lamp"}, (), ())
    assert (caught.value.reason, caught.value.values) == ("not_removed", {"package": "stuck-lamp"})

    metadata.write_text(content)
    assert await asyncio.to_thread(packages.installer.uninstall, {"stuck-lamp"}, (), ()) == {"stuck-lamp"}


async def test_a_package_is_taken_from_a_folder_of_wheels(
    packages: PackageHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As authors try theirs before they publish it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    write_wheel(folder, "shy-lamp", "0.1.0.dev1", source=handler_source("shy_lamp"))
    package = PackageVersion("shy-lamp", "0.1.0.dev1")

    with pytest.raises(PackageError) as caught:
        await add(packages, package)
    assert caught.value.reason == "not_found"

    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    await add(packages, package)
    assert packages.versions()["shy-lamp"] == "0.1.0.dev1"
