"""How long to wait for what, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Devices have little memory: they get one request at a time, and another try when they drop one."""

    connect: float = 5.0
    silence: float = 15.0
    total: float = 60.0
    download_bytes_per_second: float = 15_000.0
    """What a small device with a bad reception still does; larger files get more time."""
    tries: int = 3
    pause: float = 1.0
    """Before the second try; doubled each time."""
    restart_poll: float = 2.0
    restart_poll_timeout: float = 5.0
    restart_overdue: float = 20.0
    """After these a restart that should have come by itself is asked for."""
    restart_limit: float = 150.0
