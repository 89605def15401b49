"""Diagnostics: settings and results without secrets, and never the content of a backup."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant

from ha_device_backup_core import API_VERSION, ApiVersion, DeviceBackupError
from ha_device_backup_core.host import (
    Backup,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    HandlerRegistry,
    SnapshotRecord,
    parse_config,
    redacted_config,
)

from .actions.restore_guide import is_guided
from .const import CONF_AGENT_ID, CONF_DEVICE_CONFIG, CONF_REPOSITORY
from .entries import DeviceBackupsConfigEntry, device_key, is_agent, is_service
from .manager import async_get_manager
from .packages.overview import async_overview

LISTED = 10


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> dict[str, Any]:
    """Return what helps to understand a device, or all of them; also for an entry that could not be set up."""
    try:
        manager = await async_get_manager(hass)
    except DeviceBackupError as error:
        return {"entry": _entry(entry), "store": {"code": error.code, "message": str(error)}}
    everywhere = {"entry": _entry(entry), "api_version": _version(API_VERSION), "handlers": _handlers(manager.registry)}
    if is_agent(entry):
        return {"entry": _entry(entry), "agent": _of_agent(manager, entry)}
    if is_service(entry):
        return everywhere | {"packages": await _packages(hass, manager)} | await _of_service(manager)
    return everywhere | await _of_device(manager, entry)


async def _of_service(manager: DeviceBackupManager) -> dict[str, Any]:
    return {
        "devices": [
            {"kind": status.key.kind, "health": status.health.value, "backups": status.count, "size": status.size}
            for status in manager.statuses()
        ],
        "without_device": len(await manager.stored.without_device()),
        "size": await manager.stored.total_size(),
        "snapshot_in_progress": manager.snapshot_in_progress,
        "snapshots": [_snapshot(record) for record in manager.snapshots[:LISTED]],
    }


async def _of_device(manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry) -> dict[str, Any]:
    key = device_key(entry)
    backups = await manager.stored.list_backups(key)
    return {
        "config": _config(manager.registry, entry),
        "restore": _restore(manager.registry, key),
        "status": _status(manager, entry),
        "backups": [_backup(backup) for backup in backups[:LISTED]],
        "snapshots": [
            {**_snapshot(record), "backup_id": record.devices.get(key)} for record in manager.snapshots[:LISTED]
        ],
    }


def _of_agent(manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry) -> Mapping[str, Any]:
    """Return what is known of an agent, without its token, and without what opens its repository."""
    known = manager.registry.agents.get(entry.data[CONF_AGENT_ID])
    handlers = [] if known is None else known.handlers.values()
    return {
        **{key: value for key, value in entry.data.items() if key not in {CONF_TOKEN, CONF_REPOSITORY}},
        "kinds": [f"{handler.kind} ({handler.distribution} {handler.version})" for handler in handlers],
    }


def _entry(entry: DeviceBackupsConfigEntry) -> Mapping[str, Any]:
    return {
        "unique_id": entry.unique_id,
        "state": entry.state.value,
        "source": entry.source,
        "options": dict(entry.options),
    }


def _config(registry: HandlerRegistry, entry: DeviceBackupsConfigEntry) -> Mapping[str, Any]:
    """Return the settings without secrets: all are hidden where no handler tells which are secret."""
    raw = entry.data[CONF_DEVICE_CONFIG]
    try:
        spec = registry.get(device_key(entry).kind).spec
        return redacted_config(spec, parse_config(spec, raw))
    except DeviceBackupError:
        return dict.fromkeys(raw, REDACTED)


def _restore(registry: HandlerRegistry, key: DeviceKey) -> str | None:
    """Return how a backup goes back: by the handler, by a person with its guide, or not with our help."""
    try:
        registered = registry.get(key.kind)
    except DeviceBackupError:
        return None
    if registered.can_restore:
        return "automatic"
    return "guided" if is_guided(registered) else "none"


def _status(manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry) -> Mapping[str, Any] | None:
    try:
        status = manager.status(device_key(entry))
    except BackupNotFoundError:
        return None
    return {
        "health": status.health.value,
        "confirmed": status.confirmed,
        "changed_at": status.changed_at,
        "backups": status.count,
        "size": status.size,
        "last_attempt": status.last_attempt and asdict(status.last_attempt),
        "running": status.running,
        "queued": status.queued,
        "next_run": status.next_run,
        "retry_at": status.retry_at,
        "needs_person": status.needs_person,
        "due_from": status.person_needed_from,
    }


def _backup(backup: Backup) -> Mapping[str, Any]:
    """Return what is told of it everywhere, but for what quotes the device or could be guessed back from a digest."""
    artifact, device = backup.artifact, backup.device
    notes = {"missing": artifact.missing, "doubts": artifact.doubts, "remarks": artifact.remarks}
    told = backup.to_dict()
    return {
        **{key: value for key, value in told.items() if key not in {"path", "sha256"}},
        "suspect": told["suspect"] and backup.suspicion,
        **{name: [note.code for note in found] for name, found in notes.items()},
        "device": {"manufacturer": device.manufacturer, "model": device.model},
    }


def _snapshot(record: SnapshotRecord) -> Mapping[str, Any]:
    return {"id": record.id or None, "at": record.at, "devices": len(record.devices)}


def _handlers(registry: HandlerRegistry) -> Mapping[str, Any]:
    return {
        "found": [
            {
                "kind": handler.kind,
                "distribution": handler.distribution,
                "version": handler.version,
                "api_version": _version(handler.spec.api_version),
                "can_restore": handler.can_restore,
            }
            for handler in registry.handlers.values()
        ],
        "problems": [asdict(problem) for problem in registry.problems],
    }


async def _packages(hass: HomeAssistant, manager: DeviceBackupManager) -> list[Mapping[str, Any]]:
    return [asdict(package) for package in await async_overview(hass, manager)]


def _version(version: ApiVersion) -> str:
    return f"{version.major}.{version.minor}"
