"""Restores that a person makes on the page of the device: the steps, and a copy of the backup to do them with."""

from dataclasses import dataclass
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.text import Text, in_language, numbered

from ..const import DOMAIN
from .export import async_export


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreGuide:
    """What a person needs for a restore by hand."""

    steps: tuple[Text, ...]
    backup_id: str
    path: Path | None
    """The copy; None where nothing was to be done yet."""

    def answer(self, language: str) -> dict[str, object]:
        """Return it for whoever asked for an answer."""
        return {
            "backup_id": self.backup_id,
            "path": None if self.path is None else str(self.path),
            "guide": [in_language(step, language) for step in self.steps],
        }

    def error(self, language: str) -> ServiceValidationError:
        """Return it as what tells somebody who did not ask for an answer that this is left to do."""
        told = {"path": str(self.path), "steps": in_language(numbered(self.steps) or "", language)}
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="restore_by_hand",
            translation_placeholders=told,
        )


def is_guided(registered: RegisteredHandler) -> bool:
    """Return whether a person restores, by steps that the handler names."""
    return bool(not registered.can_restore and registered.spec.restore_guide)


async def async_restore_guide(
    hass: HomeAssistant,
    manager: BackupManager,
    source: DeviceKey,
    backup_id: str | None,
    *,
    export: bool,
) -> RestoreGuide:
    """Return the steps, with a copy of the backup beside Home Assistant's configuration where it is wanted.

    Without an id it is the recommended one.
    """
    backup_id = await manager.backup_id(source, backup_id)
    path = await async_export(hass, manager, source, backup_id, None) if export else None
    steps = manager.registry.get(source.kind).spec.restore_guide
    return RestoreGuide(steps=steps, backup_id=backup_id, path=path)
