"""How long to wait for what, in seconds."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Controllers have little memory: they get one request at a time, and pauses when they are busy."""

    connect: float = 5.0
    silence: float = 10.0
    total: float = 60.0
    """For an answer of no length; see `for_bytes`."""
    slowest_bytes_per_second: float = 4_000.0
    tries: int = 4
    busy_pause: float = 1.0
    """Before the second try; doubled each time, unless the device asks for another."""
    longest_pause: float = 8.0
    between_requests_esp8266: float = 0.2
    pin_cooldown: float = 3.2
    """The device ignores every PIN for three seconds after a wrong one and after its start."""
    collect_tries: int = 3
    collect_pause: float = 1.0
    collect_limit: float = 480.0
    """For all files together; those that are left then are missing."""
    list_tries: int = 3
    """How often a list of files is asked for that is none: at times the device has no room for it."""
    restart_poll: float = 2.0
    restart_poll_timeout: float = 5.0
    restart_overdue: float = 15.0
    """After these a restart that should have come by itself is asked for."""
    restart_limit: float = 120.0

    def for_bytes(self, size: int, *, left: float | None = None) -> Self:
        """Return the timing for a body of that size: weak Wi-Fi is slow; no longer than the seconds that are left."""
        total = self.total + size / self.slowest_bytes_per_second
        return replace(self, total=total if left is None else max(min(total, left), self.connect))
