"""Looks for handler packages with what this Home Assistant knows of them from before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import (
    KINDS_FOLDER,
    HandlerRegistry,
    HandlerScanner,
    Ownership,
    PackageEntry,
    UnusableError,
    normal_name,
    try_packages,
)

from ..const import DOMAIN, STORE_FOLDER
from .catalogue import async_bundled, async_catalogue
from .installed_list import PackageList, async_package_list

_SCANNER: HassKey[HandlerScanner] = HassKey(f"{DOMAIN}_handler_scanner")


async def async_handler_scanner(hass: HomeAssistant) -> HandlerScanner:
    """Return a scanner that gives each kind to the package that had it before, and that nothing can end."""
    kept, bundled = await async_package_list(hass), await async_bundled(hass)
    await async_catalogue(hass)
    ownership = Ownership(owners=kept.owners, expected=kept.names, own=bundled)
    scanner = hass.data[_SCANNER] = HandlerScanner(
        ownership,
        folders=[Path(hass.config.path(*STORE_FOLDER, KINDS_FOLDER))],
        trial=partial(_try_unknown, kept, bundled),
    )
    return scanner


@callback
def async_expect_packages(hass: HomeAssistant, kept: PackageList) -> None:
    """Keep to what is on the list what it had, also while it is not there."""
    scanner = hass.data[_SCANNER]
    scanner.ownership = replace(scanner.ownership, expected=kept.names)


async def async_keep_owners(hass: HomeAssistant, kept: PackageList, registry: HandlerRegistry) -> None:
    """Remember for the next start who has which kind, and what was imported without harm."""
    loaded = {normal_name(plugin.distribution): plugin.version for plugin in registry.plugins if plugin.kinds}
    await kept.async_keep(owners=hass.data[_SCANNER].ownership.owners, loaded=loaded)


def _try_unknown(
    kept: PackageList, bundled: frozenset[str], entries: Sequence[PackageEntry]
) -> Mapping[PackageEntry, UnusableError]:
    """Try what neither comes with this integration nor was imported before, in this version."""
    return try_packages(
        [
            entry
            for entry in entries
            if (name := normal_name(entry.distribution)) not in bundled and kept.loaded.get(name) != entry.version
        ]
    )
