"""How patiently a device is asked; pure."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patiently a device is asked; times are in seconds."""

    connect: float = 10.0
    silence: float = 60.0
    """In which nothing comes."""
    total: float | None = None
    """For a whole answer, beside what `bytes_per_second` adds; None leaves it to the limit of the job."""
    bytes_per_second: float = 15_000.0
    """What a weak device surely does: what is larger gets more time."""
    slowest: float = 500.0
    """Bytes per second: what comes more slowly than that, beside as long as silence may last, is not waited for."""
    tries: int = 2
    """For a device that is busy or drops a request; see `Request.again`."""
    pause: float = 0.5
    """Before the second try; doubled each time, unless the device asks for another."""
    longest_pause: float = 8.0
    between: float = 0.0
    """Before each request: some devices need a rest."""

    def once(self) -> Self:
        """Return the pace of what is tried once."""
        return self if self.tries == 1 else replace(self, tries=1)

    def impatient(self, seconds: float) -> Self:
        """Return the pace for a device that may not be there: one try, and a short one."""
        return replace(self, tries=1, total=seconds, silence=seconds)

    def for_bytes(self, size: int, *, left: float | None = None) -> Self:
        """Return the pace for a body of that size, with no more than the seconds that are left."""
        total = None if self.total is None else self.total + size / self.bytes_per_second
        if left is None:
            return self if total == self.total else replace(self, total=total)
        return replace(self, total=max(left if total is None else min(total, left), self.connect))

    def seconds_for(self, received: int) -> float:
        """Return within how many seconds more than so many bytes of an answer have to come."""
        return self.silence + received / self.slowest

    def pause_after(self, tries: int, asked: float | None = None) -> float:
        """Return how long to wait after so many tries, the last of which the device may have answered by a time."""
        return min(self.pause * 2 ** (tries - 1) if asked is None else asked, self.longest_pause)
