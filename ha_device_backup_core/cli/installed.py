"""The handlers that a command works with."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.plugins.entry_points import normal_name
from ha_device_backup_core.plugins.ownership import Ownership
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner
from ha_device_backup_core.plugins.trial import try_packages
from ha_device_backup_core.records import Backup
from ha_device_backup_core.store.reader import StoreReader


def installed_handlers(store: Path | None = None) -> HandlerRegistry:
    """Return what is installed; where packages compete for a kind, that which made its backups in the store has it."""
    registry = _scan()
    kinds = {problem.handler_kind for problem in registry.problems if problem.handler_kind is not None}
    return _scan(_owners(store, kinds)) if store is not None and kinds else registry


def handlers_for(backup: Backup) -> HandlerRegistry:
    """Return what is installed, the kind of the backup with the package that made it."""
    made_by = normal_name(backup.handler.distribution)
    return _scan(Ownership(owners={backup.key.kind: made_by} if made_by else {}))


def _scan(ownership: Ownership | None = None) -> HandlerRegistry:
    return HandlerScanner(ownership, trial=try_packages).scan()


def _owners(store: Path, kinds: Collection[str]) -> Ownership:
    reader = StoreReader(store, lambda: datetime.now(UTC))
    newest = [
        backup
        for device in reader.devices()
        if device.key.kind in kinds
        for backup in reader.backups(device.key, limit=1)
        if backup.handler.distribution
    ]
    newest.sort(key=lambda backup: backup.taken_at)
    return Ownership(owners={backup.key.kind: normal_name(backup.handler.distribution) for backup in newest})
