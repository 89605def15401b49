"""How long to wait for what, in seconds."""

from dataclasses import dataclass

from ha_device_backup_core.toolkit import Pace, RestartPace

_PACE = Pace(connect=5.0, silence=10.0, total=60.0, bytes_per_second=4_000.0, tries=4, pause=1.0)
_RESTART = RestartPace(poll=2.0, overdue=15.0, limit=120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WledTiming:
    """Controllers have little memory: they get one request at a time, and pauses when they are busy."""

    pace: Pace = _PACE
    between_requests_esp8266: float = 0.2
    pin_cooldown: float = 3.2
    """The device ignores every PIN for three seconds after a wrong one and after its start."""
    collect_tries: int = 3
    collect_pause: float = 1.0
    collect_limit: float = 480.0
    """For all files together; those that are left then are missing."""
    list_tries: int = 3
    """How often a list of files is asked for that is none: at times the device has no room for it."""
    restart: RestartPace = _RESTART
    restart_poll_timeout: float = 5.0
