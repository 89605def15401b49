"""How long to wait for what, in seconds."""

from dataclasses import dataclass

from ha_device_backup_core.toolkit import Pace, RestartPace

_PACE = Pace(connect=5.0, silence=15.0, total=60.0, tries=3, pause=1.0)
_RESTART = RestartPace(poll=2.0, overdue=20.0, limit=150.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TasmotaTiming:
    """Devices have little memory: they get one request at a time, and another try when they drop one."""

    pace: Pace = _PACE
    restart: RestartPace = _RESTART
    restart_poll_timeout: float = 5.0
    start_counted_after: float = 15.0
    """By then a device has counted its start, which it does ten seconds late."""
