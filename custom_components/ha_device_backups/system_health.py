"""System health: how the backups of all devices are doing, at a glance."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .manager import async_running_manager


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    manager = async_running_manager(hass)
    if manager is None:
        return {"devices": 0}
    statuses = manager.statuses()
    snapshot = manager.newest_snapshot
    handlers = (
        f"{handler.kind} ({handler.distribution} {handler.version})" for handler in manager.registry.handlers.values()
    )
    return {
        "devices": len(statuses),
        "devices_with_problem": sum(status.health.is_problem for status in statuses),
        "size": f"{await manager.stored.total_size() / 1_000_000:.1f} MB",
        "newest_snapshot": None if snapshot is None else snapshot.at.isoformat(),
        "snapshot_in_progress": manager.snapshot_in_progress,
        "handlers": ", ".join(handlers),
        "handler_problems": len(manager.registry.problems),
    }
