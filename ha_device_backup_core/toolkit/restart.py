"""Waiting until a device has started again, and knowing that it did."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from ..errors import (
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    RestoreNotVerifiedError,
    UnexpectedResponseError,
)
from ..text import Text, _


class Running(Protocol):
    """What a device says about itself."""

    @property
    def unique_id(self) -> str:
        """What tells it from all others."""

    @property
    def uptime(self) -> float | None:
        """The seconds since its start; None where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPace:
    """How long to wait for what, in seconds."""

    poll: float = 2.0
    overdue: float = 20.0
    """After these a restart that should have come by itself is asked for, and again each time they are over."""
    limit: float = 150.0


_NOT_RESTARTED = _("The device answers, but does not show that it has restarted. Restore again.")


class Restart[Status: Running]:
    """One restart; made as soon as the device said how long it has been running."""

    def __init__(
        self,
        before: Status,
        *,
        look: Callable[[], Awaitable[Status]],
        ask: Callable[[], Awaitable[object]],
        not_back: Text,
        pace: RestartPace | None = None,
        has_restarted: Callable[[Status], bool] | None = None,
    ) -> None:
        """Take what looks at the device, impatiently, what asks it to restart, and what to say if it stays away.

        A device that counts its starts shows by `has_restarted` what its uptime may not. What it does not say proves
        nothing.
        """
        self._before, self._look, self._ask_it, self._not_back = before, look, ask, not_back
        self._pace = pace or RestartPace()
        self._has_restarted = has_restarted
        self._started_by = _now() - (before.uptime or 0.0)

    async def ask_and_wait(self) -> Status:
        """Restart the device, and return what it says after it."""
        await self._ask()
        return await self.wait()

    async def wait(self) -> Status:
        """Return what the device says after a restart of its own; ask for it when it is overdue.

        Raises RestoreNotVerifiedError when it does not come back in time, or another device does.
        """
        began = asked = _now()
        answers = False
        while _now() - began < self._pace.limit:
            await asyncio.sleep(self._pace.poll)
            running_for = int(_now() - self._started_by)
            try:
                status = await self._look()
            except DeviceError:
                answers = False
                continue
            answers = True
            if status.unique_id != self._before.unique_id:
                raise RestoreNotVerifiedError(_("After the restart another device answers at this address."))
            is_young = status.uptime is not None and status.uptime < running_for
            if is_young or (self._has_restarted is not None and self._has_restarted(status)):
                return status
            if _now() - asked > self._pace.overdue:
                asked = _now()
                await self._ask()
        raise RestoreNotVerifiedError(_NOT_RESTARTED if answers else self._not_back)

    async def _ask(self) -> None:
        # The restart can swallow the answer.
        with contextlib.suppress(CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            await self._ask_it()


def _now() -> float:
    return asyncio.get_running_loop().time()
