"""A kind stays with the package that had it, over restarts, and no package ends Home Assistant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from tests.core.distributions import SitePackages, handler_source, in_english

KEY = f"{DOMAIN}.packages"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SitePackages]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    packages = SitePackages(folder)
    yield packages
    packages.forget()


def keep(hass_storage: dict[str, Any], **data: object) -> None:
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {"packages": [], "dependencies": [], **data},
    }


async def test_what_had_a_kind_keeps_it_and_ours_come_first(
    hass: HomeAssistant, site: SitePackages, hass_storage: dict[str, Any]
) -> None:
    keep(hass_storage, owners={"scan_lamp": "scan-zzz"})
    for name in ("scan-aaa", "scan-zzz"):
        site.install(name, handler_source("scan_lamp"))
    site.install("acme-lamps", handler_source("wled"))

    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    registry = (await async_get_manager(hass)).registry
    assert registry.get("scan_lamp").distribution == "scan-zzz"
    assert registry.get("wled").distribution == "ha-device-backup-wled"
    assert [problem.distribution for problem in registry.problems] == ["acme-lamps", "scan-aaa"]
    stored = hass_storage[KEY]["data"]
    assert (stored["owners"]["scan_lamp"], stored["owners"]["wled"]) == ("scan-zzz", "ha-device-backup-wled")
    assert stored["loaded"]["scan-zzz"] == "1.0"


async def test_what_is_on_the_list_keeps_its_kinds_while_it_is_missing(
    hass: HomeAssistant, site: SitePackages, hass_storage: dict[str, Any]
) -> None:
    keep(
        hass_storage,
        owners={"scan_torch": "scan-zzz"},
        packages=[{"requirement": "scan-zzz==1.0", "kinds": ["scan_torch"]}],
    )
    site.install("scan-aaa", handler_source("scan_torch"))

    registry = (await async_get_manager(hass)).registry

    assert "scan_torch" not in registry.handlers


async def test_a_package_that_ends_the_interpreter_does_not_end_home_assistant(
    hass: HomeAssistant, site: SitePackages
) -> None:
    site.install("scan-end", "import os; os._exit(3)")

    registry = (await async_get_manager(hass)).registry

    (problem,) = registry.problems
    assert str(in_english(problem).message).startswith("scan-end 1.0 ends the whole program when it is imported (3)")
    assert "wled" in registry.handlers
