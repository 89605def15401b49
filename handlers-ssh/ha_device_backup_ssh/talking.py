"""Asks a device by commands, as its platform says: through a shell, or its own command line."""

import hashlib
import re
from collections.abc import Mapping

from ha_device_backup_core import (
    DeviceInfo,
    HandlerContext,
    Note,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.toolkit import decoded, mac_address, mac_connection, shown

from . import shell
from .login import SshLogin
from .platform import Question, SshPlatform
from .session import Ran, Session, SshAddress, open_session, read_small_file
from .shell import CommandAnswer, Script
from .translation import _

_ASK_SECONDS = 60.0
_MOST_ASKED = 1024 * 1024
_PRIVATE = b"ha-device-backup"
_LONGEST_FACT = 120


class Talk:
    """One job's conversation with a device; it connects when it is first asked something."""

    def __init__(
        self,
        context: HandlerContext,
        platform: SshPlatform,
        address: SshAddress,
        login: SshLogin,
        sudo_password: str | None,
    ) -> None:
        """Nothing is sent yet."""
        self.context = context
        self.platform = platform
        self._address = address
        self._login = login
        self._sudo_password = sudo_password
        self._session: Session | None = None
        self.has_shell = True
        """Whether commands are run at all: some logins are for SFTP alone."""

    async def session(self) -> Session:
        """Return the connection."""
        if self._session is None:
            self._session = await open_session(self._address, self._login, self.context.run_blocking)
        return self._session

    async def close(self) -> None:
        """End the connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def ask(
        self, command: str, *, given: bytes = b"", limit: int = _MOST_ASKED, seconds: float = _ASK_SECONDS
    ) -> CommandAnswer:
        """Run a command and return its answer; raises UnsupportedDeviceError for a login without commands."""
        session = await self.session()
        if not self.platform.has_shell:
            ran = await session.run(command, given=given, limit=limit, seconds=seconds)
            return CommandAnswer(ran.status, await self.context.run_blocking(bytes, ran.out), ran.err)
        script = Script.of(command)
        ran = await session.run(script.command, given=given, limit=limit, seconds=seconds)
        answer = await self.context.run_blocking(script.answer, ran.out, ran.err)
        if answer is None:
            self._refuse_without_shell(ran)
        elif answer.status is None:
            raise UnexpectedResponseError(_("The answer ended too early."))
        else:
            return answer
        raise UnsupportedDeviceError(_("This login runs no commands."))

    def _refuse_without_shell(self, ran: Ran) -> None:
        self.has_shell = ran.status is None
        said = shown(ran.err or bytes(ran.out[:1000]))
        if said:
            raise UnsupportedDeviceError(_("This login runs no commands. It says: {words}", words=said))

    async def ask_as_root(
        self, command: str, *, given: bytes = b"", limit: int = _MOST_ASKED, seconds: float = _ASK_SECONDS
    ) -> CommandAnswer:
        """Run one command with the rights of root, with a password only where one is asked for."""
        answer = await self.ask(shell.with_sudo(command, password=False), given=given, limit=limit, seconds=seconds)
        if answer.asks_password:
            if self._sudo_password is None:
                raise PermissionDeniedError(_("sudo asks for a password. Enter it, or allow sudo without one."))
            secret = self._sudo_password.encode() + b"\n"
            answer = await self.ask(
                shell.with_sudo(command, password=True), given=secret + given, limit=limit, seconds=seconds
            )
            if answer.asks_password or b"no password was provided" in answer.err:
                raise PermissionDeniedError(_("sudo does not take this password."))
        if answer.is_refused:
            raise PermissionDeniedError(_("This user may not use sudo, or the password for it is wrong."))
        if answer.is_missing and b"sudo" in answer.err:
            raise PermissionDeniedError(_("There is no sudo. Log in as root, or switch it off."))
        return answer

    async def facts(self) -> Mapping[str, str]:
        """Return what the device says of itself; raises UnsupportedDeviceError for another kind."""
        found: dict[str, str] = {}
        for question in self.platform.questions:
            said = await self._said(question)
            text = decoded(said or b"").replace("\r\n", "\n")
            if question.expect is not None and said is not None and not question.expect.search(text):
                raise UnsupportedDeviceError(_("It does not answer as such a device does."))
            for name, pattern in question.captures:
                fact = _fact(pattern, text)
                if fact and name not in found:
                    found[name] = fact
        return found

    async def _said(self, question: Question) -> bytes | None:
        """Return what the device says to a question; None where only a command would tell, and the login runs none."""
        if self.has_shell:
            try:
                return (await self.ask(question.command)).out
            except UnsupportedDeviceError:
                if self.has_shell or self.platform.tree is None:
                    raise
        if not question.files:
            return None
        session = await self.session()
        async with session.sftp() as sftp:
            return b"\n".join([await read_small_file(sftp, path) for path in question.files])

    async def who(self) -> DeviceInfo:
        """Return who is there."""
        return device_of(self.platform, await self.facts(), self._address.host)


def _fact(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return "" if found is None else shown(found[1], _LONGEST_FACT)


def device_of(platform: SshPlatform, facts: Mapping[str, str], host: str) -> DeviceInfo:
    """Return the device that these facts describe."""

    def first(names: tuple[str, ...]) -> str | None:
        return next((facts[name] for name in names if facts.get(name)), None)

    device = platform.device
    unique_id = _identity(first(device.unique_id), is_private=device.is_private)
    mac = mac_address(facts.get("mac", ""))
    return DeviceInfo(
        unique_id=unique_id,
        name=first(device.name) or host,
        manufacturer=platform.manufacturer or None,
        model=first(device.model),
        version=first(device.version),
        connections=() if mac is None else (mac_connection(mac),),
        notices=() if unique_id else (_NO_IDENTITY,),
    )


def _identity(device_id: str | None, *, is_private: bool) -> str | None:
    if device_id is None or not is_private:
        return mac_address(device_id or "") or device_id
    return hashlib.sha256(_PRIVATE + device_id.encode()).hexdigest()[:32]


_NO_IDENTITY = Note(
    code="no_identity",
    text=_("It tells no identity of its own, so another device at this address would not be noticed."),
)
