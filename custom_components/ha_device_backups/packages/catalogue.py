"""The handler packages that are known to work, picked instead of typed; some come with this integration."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration
from homeassistant.util.hass_dict import HassKey
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ha_device_backup_core import Message, Text, translator
from ha_device_backup_core.host import HandlerRegistry, PackageTitles, PackageVersion

from ..const import DOMAIN

translator(__package__)  # its sentences are in the file below, so nothing here calls it

FILE = Path(__file__).parents[1] / "catalogue.json"
KINDS = FILE.with_name("catalogue_kinds.json")
"""Made of the handlers by scripts/catalogue_kinds.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueKind:
    """A kind of device that a package brings."""

    name: Text
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A package that somebody may want."""

    package: PackageVersion
    kinds: Mapping[str, CatalogueKind]
    name: Text
    backs_up: Text
    link: str
    kind: str = ""
    """The kind that the package is named after; empty where it is named after none."""
    for_anything: bool = False
    """That kind is for what nothing else is for, so it stands last wherever kinds are listed."""


_CATALOGUE: HassKey[list[CatalogueEntry]] = HassKey(f"{DOMAIN}_catalogue")


async def async_catalogue(hass: HomeAssistant) -> list[CatalogueEntry]:
    """Return the whole catalogue, in the order to show it in; it is read once."""
    if (known := hass.data.get(_CATALOGUE)) is None:
        known = hass.data[_CATALOGUE] = await hass.async_add_executor_job(read_catalogue)
    return known


@callback
def async_titles(hass: HomeAssistant, registry: HandlerRegistry) -> PackageTitles:
    """Return the titles of packages as far as they are known now."""
    return PackageTitles(registry, {entry.package.name: entry.name for entry in hass.data.get(_CATALOGUE, ())})


def read_catalogue() -> list[CatalogueEntry]:
    """Read the catalogue; blocking."""
    kinds = json.loads(KINDS.read_text(encoding="utf-8"))
    entries = [
        CatalogueEntry(
            package=PackageVersion(entry["package"], entry["version"]),
            kinds={kind: _kind(**said) for kind, said in kinds[entry["package"]].items()},
            name=_in_any_language(entry["name"]),
            backs_up=_in_any_language(entry["backs_up"]),
            link=entry["link"],
            kind=entry.get("kind", ""),
            for_anything=entry.get("for_anything", False),
        )
        for entry in json.loads(FILE.read_text(encoding="utf-8"))
    ]
    return sorted(entries, key=lambda entry: (entry.for_anything, entry.package))


def not_installed(catalogue: Iterable[CatalogueEntry], names: Iterable[str]) -> list[CatalogueEntry]:
    """Return the packages that are not there yet."""
    present = set(names)
    return [entry for entry in catalogue if entry.package.name not in present]


def kinds_for_anything(catalogue: Iterable[CatalogueEntry]) -> set[str]:
    """Return the kinds that stand last in a list."""
    return {entry.kind for entry in catalogue if entry.for_anything}


async def async_bundled(hass: HomeAssistant) -> frozenset[str]:
    """Return the names of what the manifest asks for."""
    integration = await async_get_integration(hass, DOMAIN)
    return frozenset(str(canonicalize_name(Requirement(line).name)) for line in integration.requirements)


def _kind(name: Mapping[str, str], maker: str) -> CatalogueKind:
    return CatalogueKind(name=Message(name["en"], said=name), maker=maker)


def _in_any_language(english: str) -> Message:
    return Message(english, package=__package__)
