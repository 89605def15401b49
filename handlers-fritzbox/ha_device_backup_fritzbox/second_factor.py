"""The confirmation at the box that an export may need: a button there, or a code dialled on a phone."""

import asyncio
import contextlib
import re
from typing import Never

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    Message,
    Person,
    PersonRequiredError,
    Prompt,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)

from . import faults
from .client import BoxClient
from .description import SECOND_FACTOR
from .soap import SoapFaultError
from .translation import _

_WAITING = "waitingforauth"
_ENDED = frozenset({"anotherauthprocess", "blocked", "stopped"})
"""There is nothing left to stop."""
CONFIRMATION_ABSENT = _("Nobody confirmed it at the FRITZ!Box in time. Start the backup again when you are near it.")
_SECONDS_A_MINUTE = 60
_CODE = re.compile(r"dtmf;([0-9*#]{1,16})")


class SecondFactor:
    """Asks for a confirmation at most once a job, and ends one that it started and nobody gave."""

    def __init__(self, client: BoxClient) -> None:
        """Keep the client; no I/O."""
        self._client = client
        self._is_on: bool | None = None
        self._is_waiting = False
        self._token: str | None = None
        self._trouble: DeviceError | None = None
        """Why the last question was not answered."""

    async def is_on(self) -> bool:
        """Return whether the box wants a confirmation; asking for it disturbs nobody."""
        if self._is_on is None:
            self._is_on = await self._ask()
        return self._is_on

    async def confirm(self, person: Person) -> str | None:
        """Have the person confirm, and return the token to show with the action; None where it needs none.

        Raises PersonRequiredError, DeviceBusyError.
        """
        await self._clear()
        answer = await self._start()
        self._token = answer.get("NewToken") or None
        if self._is_confirmed(answer.get("NewState", "")):
            return self._confirmed()
        limit = self._client.timing.confirm
        person.show(Prompt(text=_instruction(answer.get("NewMethods", ""), max(1, round(limit))), seconds=limit))
        self._trouble = None
        try:
            async with asyncio.timeout(limit):
                await self._until_confirmed()
        except TimeoutError:
            raise self._absence() from None
        finally:
            person.show(None)
        return self._confirmed()

    async def stop(self) -> None:
        """End a confirmation that this job started and nobody gave."""
        if self._is_waiting:
            self._is_waiting = False
            await self._set("stop")

    async def _until_confirmed(self) -> None:
        while not self._is_confirmed(await self._state()):  # noqa: ASYNC110 - the box has to be asked
            await asyncio.sleep(self._client.timing.poll)

    async def _state(self) -> str:
        """Return how far it is; an answer that does not come does not end it while a person is on the way."""
        try:
            answer = await self._client.call(SECOND_FACTOR, "GetState", token=self._token)
        except (CannotConnectError, DeviceBusyError, UnexpectedResponseError) as error:
            self._trouble = error
            return _WAITING
        self._trouble = None
        return answer.get("NewState", "")

    def _absence(self) -> DeviceError:
        return self._trouble or PersonRequiredError(CONFIRMATION_ABSENT)

    def _confirmed(self) -> str | None:
        self._is_waiting = False
        return self._token

    async def _ask(self) -> bool:
        if not await self._client.has(SECOND_FACTOR):
            return False
        try:
            answer = await self._client.call(SECOND_FACTOR, "GetInfo", expected={faults.UNKNOWN_ACTION})
        except SoapFaultError:
            return False
        return answer.get("NewEnabled") != "0"

    async def _clear(self) -> None:
        """End a confirmation that an earlier job left behind: it would make this one busy."""
        with contextlib.suppress(DeviceBusyError, PersonRequiredError, UnexpectedResponseError, UnsupportedDeviceError):
            await self._set("stop")

    async def _start(self) -> dict[str, str]:
        self._is_waiting = True
        try:
            return await self._set("start")
        except (DeviceBusyError, PersonRequiredError):
            self._is_waiting = False
            raise

    async def _set(self, action: str) -> dict[str, str]:
        return await self._client.call(SECOND_FACTOR, "SetConfig", {"NewAction": action}, token=self._token)

    def _is_confirmed(self, state: str) -> bool:
        if state in {"authenticated", "disabled"}:
            return True
        if state != _WAITING:
            self._refuse(state)
        return False

    def _refuse(self, state: str) -> Never:
        self._is_waiting = state not in _ENDED
        if state == "anotherauthprocess":
            raise DeviceBusyError(faults.CONFIRMATION_BUSY, retry_after=faults.BUSY_SECONDS)
        if state == "blocked":
            raise PersonRequiredError(faults.CONFIRMATION_BLOCKED, retry_after=faults.BLOCKED_SECONDS)
        raise PersonRequiredError(
            CONFIRMATION_ABSENT
            if state == "stopped"
            else _("The FRITZ!Box did not accept the confirmation. Start the backup again.")
        )


def _instruction(methods: str, seconds: int) -> Message:
    """Tell what to do at the box, and within which time."""
    code = _CODE.search(methods)
    button = "button" in methods.split(",")
    if not button and code is None:
        raise PersonRequiredError(
            _(
                "The FRITZ!Box offers neither a button nor a phone to confirm it. Save the settings in its own "
                "page (System, Backup) and hand in the file here."
            )
        )
    time = _time(seconds)
    if code is None:
        return _("Press any button on the FRITZ!Box within {time}.", time=time)
    if not button:
        return _("Dial {code} on a phone connected to the FRITZ!Box within {time}.", code=code[1], time=time)
    return _(
        "Press any button on the FRITZ!Box, or dial {code} on a phone connected to it, within {time}.",
        code=code[1],
        time=time,
    )


def _time(seconds: int) -> Message:
    minutes = seconds // _SECONDS_A_MINUTE
    if minutes > 1 and minutes * _SECONDS_A_MINUTE == seconds:
        return _("{minutes} minutes", minutes=minutes)
    return _("{seconds} seconds", seconds=seconds)
