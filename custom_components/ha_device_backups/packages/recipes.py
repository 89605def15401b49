"""Recipes: files of a person that describe kinds, looked at before they are taken, kept beside the backups."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ha_device_backup_core import Text, in_language
from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry, KindFile, ReadKindFile

from ..archive_state import async_wait_for_end_of_archiving
from ..entries import device_entries, device_key
from ..translation import Phrases
from .package_manager import SIGNAL_PACKAGES

ENDINGS = (".toml",)
"""Of the files that a browser offers first; what can be read, the packages say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecipe:
    """A recipe that is kept here."""

    file: str
    kind: str
    name: Text
    devices: int
    """How many there are of its kind."""
    problem: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRecipe:
    """A recipe that was looked at and not taken yet: what would be kept, or all that is wrong with it."""

    file: str = ""
    kind: str = ""
    content: bytes = b""
    read: ReadKindFile | None = None
    is_update: bool = False
    mistakes: tuple[Text, ...] = ()


@callback
def async_recipes(hass: HomeAssistant, registry: HandlerRegistry) -> list[KeptRecipe]:
    """Return the recipes that are kept, by the names of their files."""
    kinds = [device_key(entry).kind for entry in device_entries(hass)]
    problems = {problem.distribution: problem.message for problem in registry.problems}
    return [
        KeptRecipe(
            file=read.file.name,
            kind=read.kind or "",
            name=read.file.name if read.handler is None else read.handler.spec.name,
            devices=kinds.count(read.kind or ""),
            problem=problems.get(read.file.name),
        )
        for read in registry.files
    ]


async def async_offered(manager: DeviceBackupManager, name: str, content: bytes, phrases: Phrases) -> OfferedRecipe:
    """Look at a file that was handed in: of its name no more than the ending counts."""
    ending = PurePosixPath(name).suffix.lower()
    if not re.fullmatch(r"\.[a-z0-9]{1,8}", ending):
        return OfferedRecipe(mistakes=(phrases("recipe_ending"),))
    read = await manager.handlers.read(KindFile(name=f"recipe{ending}", content=content))
    if read.handler is None:
        return OfferedRecipe(mistakes=read.mistakes)
    kind = read.handler.spec.kind
    file = f"{kind}{ending}"
    used = manager.registry.handlers.get(kind)
    if used is not None and used.file != file:
        owner = used.file or f"{used.distribution} {used.version}"
        return OfferedRecipe(mistakes=(phrases("recipe_taken", kind=kind, owner=owner),))
    is_update = any(known.file.name == file for known in manager.registry.files)
    return OfferedRecipe(file=file, kind=kind, content=content, read=read, is_update=is_update)


async def async_keep(hass: HomeAssistant, manager: DeviceBackupManager, offered: OfferedRecipe) -> None:
    """Keep a recipe in place of an earlier one of its kind, and use it from now on; raises StoreError."""
    await async_wait_for_end_of_archiving(hass)
    await manager.keep_kind_file(offered.file, offered.content)
    await _async_look_again(hass, manager)


async def async_take_kind(
    hass: HomeAssistant, manager: DeviceBackupManager, kind: str, files: Iterable[KindFile]
) -> None:
    """Keep the file that describes a kind, where nothing here does; raises StoreError."""
    known = {*manager.registry.handlers, *(read.kind for read in manager.registry.files)}
    found = next((file for file in files if file.fault is None and file.likely_kind == kind), None)
    if found is not None and kind not in known:
        await manager.keep_kind_file(found.name, found.content)
        await _async_look_again(hass, manager)


async def async_remove(hass: HomeAssistant, manager: DeviceBackupManager, file: str) -> None:
    """Remove a recipe; its devices wait, and their backups stay; raises StoreError."""
    await async_wait_for_end_of_archiving(hass)
    await manager.remove_kind_file(file)
    await _async_look_again(hass, manager)


def facts_of(offered: OfferedRecipe, phrases: Phrases) -> Iterator[str]:
    """Return, a line each, what a person wants to know before they take a recipe."""
    if offered.read is None or offered.read.handler is None:
        raise ValueError("only what can be taken has facts")
    spec, language = offered.read.handler.spec, phrases.language
    fields = ", ".join(in_language(field.label, language) for field in spec.fields)
    yield phrases("recipe_asks", fields=fields)
    for fact in (*offered.read.facts, *spec.omits):
        yield in_language(fact, language)
    if offered.is_update:
        yield phrases("recipe_replaces", file=offered.file)


async def _async_look_again(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    await manager.rescan()
    async_dispatcher_send(hass, SIGNAL_PACKAGES)
