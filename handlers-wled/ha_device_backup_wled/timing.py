"""How long to wait for what, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Controllers have little memory: they get one request at a time, and pauses when they are busy."""

    connect: float = 5.0
    silence: float = 10.0
    total: float = 60.0
    upload_bytes_per_second: float = 4_000.0
    tries: int = 4
    busy_pause: float = 1.0
    """Before the second try; doubled each time, unless the device asks for another."""
    longest_pause: float = 8.0
    between_requests_esp8266: float = 0.2
    pin_cooldown: float = 3.2
    """The device ignores every PIN for three seconds after a wrong one and after its start."""
    collect_tries: int = 3
    collect_pause: float = 1.0
    restart_poll: float = 2.0
    restart_poll_timeout: float = 5.0
    restart_overdue: float = 15.0
    """After these a restart that should have come by itself is asked for."""
    restart_limit: float = 120.0
