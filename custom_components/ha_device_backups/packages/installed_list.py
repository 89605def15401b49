"""The list of packages that a person installed, kept over restarts and inside Home Assistant's backups."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import PackageError, PackageRecord, PackageVersion

from ..archive_state import async_wait_for_end_of_archiving
from ..const import DOMAIN

_VERSION = 1
NEVER = datetime.fromtimestamp(0, UTC)


class PackageList:
    """Owns the records, and the names of what came with the packages."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any; `async_load` reads them."""
        self._hass = hass
        self._store = Store[dict[str, Any]](hass, _VERSION, f"{DOMAIN}.packages", private=True)
        self._records: dict[str, PackageRecord] = {}
        self._loading = asyncio.Lock()
        self._is_loaded = False
        self.dependencies: frozenset[str] = frozenset()
        """Other packages that nothing had needed before."""
        self.owners: Mapping[str, str] = {}
        """Kind to the package that had it last."""
        self.loaded: Mapping[str, str] = {}
        """Name to the version that was imported before and harmed nobody."""
        self.newest: Mapping[str, str] = {}
        """Name to the newest version that was found in the index."""
        self.looked_at = NEVER
        """When somebody looked for newer versions last."""

    async def async_load(self) -> None:
        """Read what was kept, once; what is no package is left out."""
        async with self._loading:
            if not self._is_loaded:
                await self._async_read()
                self._is_loaded = True

    async def _async_read(self) -> None:
        stored = await self._store.async_load() or {}
        self._records = {record.package.name: record for record in _read(stored.get("packages", ()))}
        self.dependencies = frozenset(stored.get("dependencies", ()))
        self.owners, self.loaded = dict(stored.get("owners", {})), dict(stored.get("loaded", {}))
        self.newest = dict(stored.get("newest", {}))
        self.looked_at = dt_util.parse_datetime(stored.get("looked_at", "")) or NEVER

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the packages on the list."""
        return frozenset(self._records)

    def get(self, name: str) -> PackageRecord | None:
        """Return the record of a package."""
        return self._records.get(name)

    def all(self) -> list[PackageRecord]:
        """Return all records by name."""
        return [self._records[name] for name in sorted(self._records)]

    async def async_put(self, record: PackageRecord, dependencies: Iterable[str]) -> None:
        """Keep a record, in place of an earlier one of the package, with what came with it."""
        self._records[record.package.name] = record
        self.dependencies |= set(dependencies)
        await self._async_save()

    async def async_remove(self, name: str, gone: Iterable[str]) -> None:
        """Forget a package and what went with it."""
        del self._records[name]
        self.dependencies -= set(gone)
        await self._async_save()

    async def async_keep(self, *, owners: Mapping[str, str], loaded: Mapping[str, str]) -> None:
        """Keep who has which kind and what was imported well, if that is new."""
        if (owners, loaded) != (self.owners, self.loaded):
            self.owners, self.loaded = dict(owners), dict(loaded)
            await self._async_save()

    async def async_keep_newest(self, newest: Mapping[str, str], at: datetime) -> None:
        """Keep which versions there are, and since when that is known."""
        self.newest, self.looked_at = dict(newest), at
        await self._async_save()

    async def _async_save(self) -> None:
        await async_wait_for_end_of_archiving(self._hass)
        packages = [{"requirement": record.package.requirement, "kinds": list(record.kinds)} for record in self.all()]
        await self._store.async_save(
            {
                "packages": packages,
                "dependencies": sorted(self.dependencies),
                "owners": dict(sorted(self.owners.items())),
                "loaded": dict(sorted(self.loaded.items())),
                "newest": dict(sorted(self.newest.items())),
                "looked_at": self.looked_at.isoformat(),
            }
        )


_LIST: HassKey[PackageList] = HassKey(f"{DOMAIN}_package_list")


async def async_package_list(hass: HomeAssistant) -> PackageList:
    """Return the one list of this Home Assistant, read."""
    if (kept := hass.data.get(_LIST)) is None:
        kept = hass.data[_LIST] = PackageList(hass)
    await kept.async_load()
    return kept


def _read(stored: Iterable[Mapping[str, Any]]) -> Iterator[PackageRecord]:
    """Read records as strictly as what a person enters: they decide what is installed."""
    for item in stored:
        with suppress(PackageError, KeyError, TypeError):
            yield PackageRecord(package=PackageVersion.parse(item["requirement"]), kinds=tuple(item["kinds"]))
