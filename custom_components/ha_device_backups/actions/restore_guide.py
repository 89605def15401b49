"""Restores that a person makes on the page of the device: the steps, and a copy of the backup to do them with."""

from dataclasses import dataclass
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ha_device_backup_core import Text, in_language
from ha_device_backup_core.host import Backup, DeviceBackupManager, DeviceKey, RegisteredHandler, numbered

from ..const import DOMAIN
from ..translation import Phrases
from ..wording.gaps import incomplete_sentence
from .export import async_export
from .responses import gaps_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreGuide:
    """What a person needs for a restore by hand."""

    steps: tuple[Text, ...]
    backup: Backup
    path: Path | None
    """The copy; None where nothing was to be done yet."""

    def answer(self, language: str) -> dict[str, object]:
        """Return it for whoever asked for an answer."""
        return {
            "backup_id": self.backup.id,
            **gaps_answer(self.backup, language),
            "path": None if self.path is None else str(self.path),
            "guide": [in_language(step, language) for step in self.steps],
        }

    def error(self, phrases: Phrases, language: str) -> ServiceValidationError:
        """Return it as what tells somebody who did not ask for an answer that this is left to do."""
        parts = [in_language(numbered(self.steps) or "", language)]
        if self.backup.gaps:
            parts.append(incomplete_sentence(self.backup.gaps, phrases, language))
        placeholders = {"path": str(self.path), "steps": "\n\n".join(parts)}
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="restore_by_hand",
            translation_placeholders=placeholders,
        )


def is_guided(registered: RegisteredHandler) -> bool:
    """Return whether a person restores, by steps that the handler names."""
    return bool(not registered.can_restore and registered.spec.restore_guide)


async def async_restore_guide(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    source: DeviceKey,
    backup_id: str | None,
    *,
    export: bool,
) -> RestoreGuide:
    """Return the steps, with a copy of the backup beside Home Assistant's configuration where it is wanted.

    Without an id it is the recommended one.
    """
    backup = await manager.stored.chosen(source, backup_id)
    path = await async_export(hass, manager, source, backup.id, None) if export else None
    steps = manager.handlers.get(source).spec.restore_guide
    return RestoreGuide(steps=steps, backup=backup, path=path)
