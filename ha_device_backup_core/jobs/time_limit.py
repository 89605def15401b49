"""The time limit of a job, which grows while a person is asked to do something."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ..contract import MAX_PROMPT_SECONDS, Person, Prompt
from ..errors import CannotConnectError, DeviceBackupError
from ..text import _
from .secret_mask import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLimits:
    """What a job may take."""

    seconds: float
    most_bytes: int | None = None
    """None for what its kind may take."""

    def bytes_of(self, kind: int) -> int:
        """Return what it may fetch, where its kind may fetch so much."""
        return min(kind, self.most_bytes or kind)


class JobClock:
    """Ends a job that takes too long; to the handler it is the person, whose instructions buy time."""

    def __init__(self, seconds: float, person: Person | None, mask: Mask) -> None:
        """Set the limit; it counts from entering."""
        self.overrun: type[DeviceBackupError] = CannotConnectError
        """What a job that takes too long ends with."""
        self._seconds = seconds
        self._granted = 0.0
        self._audience = person
        self._mask = mask
        self._prompted = False
        self._timeout = asyncio.timeout(seconds)
        self._loop = asyncio.get_running_loop()

    @property
    def person(self) -> Person | None:
        """Return whom the handler may tell something, None in unattended jobs."""
        return None if self._audience is None else self

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Do not count what is no fault of the device: waiting for the turn."""
        deadline, began = self._timeout.when(), self._loop.time()
        self._timeout.reschedule(None)
        try:
            yield
        finally:
            if deadline is not None:
                self._timeout.reschedule(deadline + self._loop.time() - began)

    def show(self, prompt: Prompt | None) -> None:
        """Pass an instruction on and grant its seconds; also from a worker thread."""
        try:
            inside = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            inside = False
        if inside:
            self._forward(prompt)
        else:
            self._loop.call_soon_threadsafe(self._forward, prompt)

    def _forward(self, prompt: Prompt | None) -> None:
        if self._audience is None:
            return
        self._prompted = prompt is not None
        if prompt is None:
            self._audience.show(None)
            return
        self._grant(prompt.seconds)
        self._audience.show(Prompt(text=self._mask.text(prompt.text), seconds=prompt.seconds))

    def _grant(self, seconds: float) -> None:
        granted = min(max(seconds, 0.0), MAX_PROMPT_SECONDS - self._granted)
        deadline = self._timeout.when()
        if granted > 0 and deadline is not None and not self._timeout.expired():
            self._granted += granted
            self._timeout.reschedule(deadline + granted)

    async def __aenter__(self) -> Self:
        """Start to count."""
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Clear what is still shown, and name the limit if it ended the job."""
        if self._prompted:
            self._forward(None)
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            seconds = round(self._seconds + self._granted)
            raise self.overrun(_("It did not finish within {seconds} seconds.", seconds=seconds)) from None
