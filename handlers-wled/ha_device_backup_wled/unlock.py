"""The list of files, and the PIN that may lock it."""

import asyncio
import re
from dataclasses import dataclass
from enum import Enum

from ha_device_backup_core import AuthenticationError, Note, Text
from ha_device_backup_core.toolkit import Body, JsonError

from .client import WledClient
from .device_files import CONFIGURATION, LIST_UNAVAILABLE
from .info import WledInfo
from .json_files import LONGEST_ANSWER, parse_answer
from .translation import _

_OK = 200
_UNAUTHORIZED = 401
_SERVER_ERROR = 500
_ANSWERS_THAT_STAY = frozenset({_UNAUTHORIZED, 404, 501})
_BARE_ENTRY = re.compile(
    rb'\{(?:"type":"file","name":"(?P<name>.{1,300}?)"|"name":"(?P<own>.{1,300}?)","type":"file"),'
    rb'"size":(?P<size>\d{1,10})\}(?:,(?=\{)|(?=\]))',
    re.DOTALL,
)
"""An entry as the firmwares print it; every part has an end."""


class Closed(Enum):
    """Why there is no list of files."""

    PIN = "pin"
    OTA_LOCK = "ota lock"
    DISABLED = "disabled"
    UNHEARD = "unheard"

    def note(self) -> Note:
        """Return what a backup without the list says."""
        return Note(code=LIST_UNAVAILABLE, text=_CLOSED_TEXTS[self])

    def notice(self) -> Note:
        """Return what a person should know before relying on backups without the list."""
        return Note(code=LIST_UNAVAILABLE, text=_NOTICES[self])


_UNHEARD: Text = _(
    "The controller answers, but its list of files does not arrive: files with names of their own may be missing."
)
_CLOSED_TEXTS: dict[Closed, Text] = {
    Closed.PIN: _(
        "The list of files is locked by the settings PIN, which was not entered: files with names of"
        " their own may be missing. Enter the PIN in the settings of this device (Reconfigure)."
    ),
    Closed.OTA_LOCK: _(
        "The list of files is closed by the OTA lock of this firmware: files with names of their own may be missing."
        " Switch the lock off at the controller (Config, Security & Updates)."
    ),
    Closed.DISABLED: _("This firmware gives no list of files: files with names of their own may be missing."),
    Closed.UNHEARD: _UNHEARD,
}
_NOTICES: dict[Closed, Text] = {
    Closed.PIN: _(
        "This controller is locked by a settings PIN, and you entered none. Its backups will be incomplete: they hold"
        " the settings, presets and other files with well-known names, but may lack files with names of their own."
        " None can be put back while it is locked. Begin again with the PIN, or enter it later in the settings of this"
        " device (Reconfigure)."
    ),
    Closed.OTA_LOCK: _(
        "The OTA lock of this controller closes its list of files. Its backups will be incomplete: they may lack files"
        " with names of their own, and none can be put back. Switch the lock off at the controller (Config, Security"
        " & Updates)."
    ),
    Closed.DISABLED: _(
        "The firmware of this controller gives no list of files. Its backups will be incomplete: they may lack files"
        " with names of their own."
    ),
    Closed.UNHEARD: _UNHEARD,
}


@dataclass(frozen=True, slots=True)
class WledFileList:
    """The files of the device: name without slash to size in bytes."""

    sizes: dict[str, int]


class WledUnlock:
    """Opens the list of files with the PIN, and locks the settings again if it was this job that opened them."""

    def __init__(self, client: WledClient, pin: str | None) -> None:
        """Keep the PIN; no I/O."""
        self._client = client
        self._pin = pin
        self._opened_here = False

    @property
    def has_pin(self) -> bool:
        """Whether a PIN was configured."""
        return self._pin is not None

    async def files(self, info: WledInfo) -> WledFileList | Closed:
        """Return the list, entering the PIN if it is locked and there is one.

        Raises AuthenticationError when the PIN is wrong.
        """
        found = await self._ask(info)
        if found is not Closed.PIN or self._pin is None:
            return found
        return await self._unlock(info, self._pin)

    async def _unlock(self, info: WledInfo, pin: str) -> WledFileList | Closed:
        found = await self._try_pin(info, pin)
        if found is Closed.PIN:
            # The device ignores the right PIN, too, for three seconds after any attempt and after a start.
            await asyncio.sleep(self._client.timing.pin_cooldown)
            found = await self._try_pin(info, pin)
        if found is Closed.PIN:
            raise AuthenticationError(_("The settings PIN is wrong."))
        return found

    async def _try_pin(self, info: WledInfo, pin: str) -> WledFileList | Closed:
        await self._client.post("/json/state", Body.json({"pin": pin}), again=True)
        found = await self._ask(info)
        self._opened_here = self._opened_here or found is not Closed.PIN
        return found

    async def lock_again(self) -> None:
        """Lock the settings if they were locked before this job."""
        if self._opened_here:
            self._opened_here = False
            await self._client.get("/settings/lock")

    async def _ask(self, info: WledInfo) -> WledFileList | Closed:
        """Ask for the list, again when what came may be spoiled."""
        timing = self._client.timing
        for left in reversed(range(timing.list_tries)):
            answer = await self._client.get("/edit", {"list": "/"})
            listed = read_list(answer.body) if answer.status == _OK else None
            if listed is not None and CONFIGURATION in listed.sizes:
                return listed
            if answer.status in _ANSWERS_THAT_STAY or not left:
                break
            await asyncio.sleep(timing.pace.pause)
        # Every controller has settings: without them, a list cannot be relied on.
        return _reason(answer.status, info)


def _reason(status: int, info: WledInfo) -> Closed:
    if status == _UNAUTHORIZED and info.has_pin:
        return Closed.PIN
    if status == _SERVER_ERROR and not info.has_pin:
        return Closed.OTA_LOCK
    return Closed.DISABLED


def read_list(body: bytes) -> WledFileList | None:
    """Return the list in either of its forms, None for what is no list."""
    try:
        entries = parse_answer(body)
    except JsonError:
        return _with_bare_names(body) if len(body) <= LONGEST_ANSWER else None
    if not isinstance(entries, list):
        return None
    sizes: dict[str, int] = {}
    for entry in entries:
        match entry:
            case {"name": str(name), "size": int(size)} if name.strip("/") and size >= 0:
                sizes[name.removeprefix("/")] = size
            case _:
                return None
    return WledFileList(sizes)


def _with_bare_names(body: bytes) -> WledFileList | None:
    """Return a list that is no JSON only because the firmware writes names as they are, quotes included."""
    sizes: dict[str, int] = {}
    place = 1
    while entry := _BARE_ENTRY.match(body, place, len(body)):
        name = entry["name"] or entry["own"]
        sizes[name.decode("utf-8", "surrogateescape").removeprefix("/")] = int(entry["size"])
        place = entry.end()
    return WledFileList(sizes) if body[:1] == b"[" and body[place:].strip() == b"]" else None
