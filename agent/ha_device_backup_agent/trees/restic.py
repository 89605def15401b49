"""Runs restic: its answers as JSON, its errors as those of the contract."""

import asyncio
import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core import (
    ArtifactTooLargeError,
    DeviceBusyError,
    DeviceError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    hidden,
)
from ha_device_backup_core.toolkit import JsonError, JsonObject, as_object, read_json, shown

from ..processes import Ended, Lines, ProgramCall, run_program
from ..translation import _
from .tools import RESTIC, Toolbox

_PASSED_ON = re.compile(
    r"(?:AWS|AZURE|B2|GOOGLE|OS|ST|SWIFT|RCLONE)_\w+|RESTIC_REST_\w+|(?:https?|no|all)_proxy|SSL_CERT_\w+|SSH_AUTH_SOCK",
    re.IGNORECASE,
)
"""Variables of the agent's environment that say how places elsewhere are reached."""
_SECRET = re.compile(r"KEY|SECRET|PASSW|TOKEN|CREDENTIAL", re.IGNORECASE)
_LOGIN = re.compile(r"://[^/@\s]*@")
_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_MOST_READ = 64 * 1024 * 1024
_SHORTEST_SECRET = 8
PARTLY, NO_REPOSITORY, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ResticPlace:
    """Where a repository is, and what opens it."""

    location: str = field(repr=False)
    """As restic takes it; it may hold a login."""
    password_file: Path
    cache: Path
    ssh_config: Path
    """How a place is reached by SFTP, where the administrator of the agent wrote that."""

    def options(self) -> tuple[str, ...]:
        """Return what restic is told beyond its environment; blocking."""
        if not self.location.startswith("sftp:"):
            return ()
        own = f" -F {shlex.quote(str(self.ssh_config))}" if self.ssh_config.is_file() else ""
        return ("-o", f"sftp.args=-o BatchMode=yes{own}")


class ResticEndedError(Exception):
    """Restic ended with a status that its caller has to look at."""

    def __init__(self, status: int, message: str, output: str) -> None:
        """Keep its words, which hold no secret."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.output = output


class Restic:
    """Calls restic for one repository."""

    def __init__(self, tools: Toolbox, place: ResticPlace) -> None:
        """Nothing is called yet."""
        self._tools = tools
        self._place = place

    async def read(self, *arguments: str) -> bytes:
        """Return what a call puts out."""
        out = bytearray()

        def take(piece: bytes) -> None:
            out.extend(piece)
            if len(out) > _MOST_READ:
                raise ArtifactTooLargeError

        await self._run(arguments, take, Path("/"))
        return bytes(out)

    async def follow(
        self, *arguments: str, each: Callable[[JsonObject], None] = lambda _: None, folder: Path = Path("/")
    ) -> JsonObject:
        """Return the last thing that a call says, the others as they come."""
        last: JsonObject = {}

        def take(line: str) -> None:
            nonlocal last
            try:
                last = as_object(read_json(line))
            except JsonError:
                return
            each(last)

        await self._run(arguments, Lines(take), folder)
        return last

    async def _run(self, arguments: tuple[str, ...], take: Callable[[bytes], None], folder: Path) -> None:
        program = await self._tools.path(RESTIC)
        options = await asyncio.to_thread(self._place.options)
        argv = (program, "--json", *options, *arguments)
        call = ProgramCall(argv=argv, environment=self._environment(), folder=folder)
        ended = await run_program(call, take)
        if ended.status != 0:
            raise ResticEndedError(ended.status, self._message(ended), self._without_secrets(ended.output))

    def _environment(self) -> Mapping[str, str]:
        place = self._place
        passed = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
        return {
            **passed,
            "RESTIC_REPOSITORY": place.location,
            "RESTIC_PASSWORD_FILE": str(place.password_file),
            "RESTIC_CACHE_DIR": str(place.cache),
            "RESTIC_PROGRESS_FPS": "1",
            "GOMAXPROCS": "2",
        }

    def _message(self, ended: Ended) -> str:
        """Return what it says went wrong."""
        for line in reversed(ended.output.splitlines()):
            try:
                said = as_object(read_json(line))
            except JsonError:
                continue
            message = said.get("message") or as_object(said.get("error")).get("message")
            if isinstance(message, str):
                return shown(self._without_secrets(message.splitlines()[0] if message else ""), 300)
        return shown(self._without_secrets(ended.last_line), 300)

    def _without_secrets(self, text: str) -> str:
        secrets = [value for name, value in self._environment().items() if _SECRET.search(name)]
        for secret in (value for value in secrets if len(value) >= _SHORTEST_SECRET and not value.startswith("/")):
            text = text.replace(secret, hidden(secret))
        return without_login(text)


def without_login(location: str) -> str:
    """Return a location, or a text with some, without names and passwords."""
    return _LOGIN.sub("://", location)


def as_device_error(error: ResticEndedError, place: ResticPlace) -> DeviceError:
    """Return what a person is told."""
    where = without_login(place.location)
    if _FULL.search(error.output):
        return DeviceBusyError(_("The disk of the repository {where} is full. Free some space.", where=where))
    if error.status == NO_REPOSITORY:
        return UnsupportedDeviceError(
            _("The repository is not at {where} any more. Is its disk or share connected to the agent?", where=where)
        )
    if error.status == WRONG_PASSWORD:
        return UnsupportedDeviceError(
            _(
                "The repository {where} has another password than the agent. Write the right one into {file} there."
                " If it is that of an agent that is gone, take it over: ha-device-backup-agent repository open",
                where=where,
                file=str(place.password_file),
            )
        )
    if error.status == LOCKED:
        return DeviceBusyError(
            _("Another program works with the repository {where}: {words}", where=where, words=error.message)
        )
    return UnexpectedResponseError(_("restic: {words}", words=error.message))
