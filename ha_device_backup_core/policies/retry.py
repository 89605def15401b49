"""When a failed attempt is tried again; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from ..errors import ConfigError, DeviceBackupError, DeviceError
from ..text import Text, _

LONGEST_ASKED_FOR = 24 * 3600.0
"""Seconds; a device that asks to be left alone for longer is tried again after these."""
MAX_ATTEMPTS = 20
_ATTEMPTS: Text = _("Enter a number of tries from 1 to {max_attempts}.", max_attempts=MAX_ATTEMPTS)
_FIRST_DELAY: Text = _("Enter a number of seconds from 1 to 86400.")
_MAXIMUM_DELAY: Text = _("Enter at least the first delay, and at most 86400 seconds.")
_NUMBER: Text = _("Enter a number.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often, and after how many seconds, a failed attempt is tried again."""

    enabled: bool = True
    attempts: int = 5
    """All tries, the first one included."""
    first_delay: float = 60.0
    maximum_delay: float = 3600.0

    def __post_init__(self) -> None:
        """Raise ConfigError for what cannot be."""
        if not 1 <= self.attempts <= MAX_ATTEMPTS:
            raise ConfigError("attempts", _ATTEMPTS)
        if not 1 <= self.first_delay <= LONGEST_ASKED_FOR:
            raise ConfigError("first_delay", _FIRST_DELAY)
        if not self.first_delay <= self.maximum_delay <= LONGEST_ASKED_FOR:
            raise ConfigError("maximum_delay", _MAXIMUM_DELAY)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain values, for JSON."""
        return {
            "enabled": self.enabled,
            "attempts": self.attempts,
            "first_delay": self.first_delay,
            "maximum_delay": self.maximum_delay,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "RetryPolicy":
        """Return what `to_dict` gave; what is absent has its default. Raises ConfigError for what cannot be."""
        defaults = cls()
        return cls(
            enabled=bool(values.get("enabled", defaults.enabled)),
            attempts=int(_number("attempts", values.get("attempts", defaults.attempts))),
            first_delay=_number("first_delay", values.get("first_delay", defaults.first_delay)),
            maximum_delay=_number("maximum_delay", values.get("maximum_delay", defaults.maximum_delay)),
        )


def next_delay(policy: RetryPolicy, attempt: int, error: DeviceBackupError, *, random: Random) -> float | None:
    """Return the seconds to wait after the failed try number `attempt` (1 is the first), or None to leave it."""
    if not policy.enabled or not error.retryable or attempt >= policy.attempts:
        return None
    longest = min(policy.maximum_delay, policy.first_delay * 2.0 ** (attempt - 1))
    delay = random.uniform(longest / 2, longest)
    asked_for = error.retry_after if isinstance(error, DeviceError) else None
    if asked_for is None or not asked_for > delay:
        return delay
    return min(asked_for, LONGEST_ASKED_FOR)


def _number(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        return value
    raise ConfigError(name, _NUMBER)
