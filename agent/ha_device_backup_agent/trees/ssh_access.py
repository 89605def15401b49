"""The way to a device by SSH: its host key is looked at before anything else is sent, and no other is accepted."""

import base64
import binascii
import hashlib
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceError,
    HostKeyNotTrustedError,
    Text,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)

from ..processes import Ended, Lines, ProgramCall, run_program
from ..translation import _
from .keys import authorized_line, is_public_key
from .tools import KEYSCAN, SSH, Toolbox

_CONFIG, _KEY, _KNOWN = "ssh_config", "key", "known_hosts"
_ALIAS = "device"
_SCAN_SECONDS = 20
_ASK_SECONDS = 90.0
_LOGIN_FAILED = 255
_NOT_FOUND = 127
_ALGORITHMS = {
    "ssh-ed25519": "ssh-ed25519",
    "ecdsa-sha2-nistp256": "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384": "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521": "ecdsa-sha2-nistp521",
    "ssh-rsa": "rsa-sha2-512,rsa-sha2-256",
}
"""Kinds of host keys, best first, and what a connection names to be shown them."""
NO_FOLDER: Text = _("This folder is not on the device.")
_NO_RSYNC: Text = _("There is no rsync on the device. Install it there, such as: apt install rsync")
_NO_RRSYNC: Text = _("There is no rrsync on the device. It comes with rsync 3.2.7 and newer: install that there.")
_GREETS: Text = _(
    "The shell of this user greets, and rsync takes that for an answer. Take the greeting out of .bashrc."
)
_AWAY = re.compile(
    r"Connection (?:refused|timed out|reset|closed)|No route to host|Network is unreachable"
    r"|Could not resolve|Operation timed out|Broken pipe|Timeout, server|Connection to .* closed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSource:
    """Which folder of which device, and who asks."""

    host: str
    port: int
    username: str
    folder: str
    key: str = field(repr=False)
    """The private key, tidy."""


@dataclass(frozen=True, slots=True)
class HostKey:
    """A key that a device shows."""

    kind: str
    key: str

    @property
    def sha256(self) -> str:
        """Return its fingerprint."""
        return hashlib.sha256(base64.b64decode(self.key)).hexdigest()


async def trusted_key(tools: Toolbox, host: str, port: int, pinned: str | None) -> HostKey:
    """Return the key of a device that is trusted; raises HostKeyNotTrustedError with the best that it shows."""
    shown: dict[str, HostKey] = {}

    def take(line: str) -> None:
        match line.split():
            case [_, kind, key] if kind in _ALGORITHMS and _is_base64(key) and is_public_key(f"{kind} {key}"):
                shown[kind] = HostKey(kind, key)

    scan = await tools.path(KEYSCAN)
    wanted = ("-T", str(_SCAN_SECONDS), "-p", str(port), "-t", "ed25519,ecdsa,rsa", "--", host)
    try:
        ended = await run_program(ProgramCall(argv=(scan, *wanted)), Lines(take), seconds=_ASK_SECONDS)
    except TimeoutError:
        raise CannotConnectError(_("It did not answer in time.")) from None
    if not shown:
        raise CannotConnectError(_("No SSH server shows its key there. {line}", line=ended.last_line))
    ordered = [shown[kind] for kind in _ALGORITHMS if kind in shown]
    for key in ordered:
        if key.sha256 == pinned:
            return key
    raise HostKeyNotTrustedError(ordered[0].sha256)


class SshAccess:
    """The settings of ssh for one job, in a folder of their own: nothing of them is part of a command."""

    def __init__(self, folder: Path, source: TreeSource) -> None:
        """Take an empty folder that nobody else reads."""
        self.folder = folder
        self.source = source
        self._ssh = ""

    async def prepare(self, tools: Toolbox, host_key: HostKey) -> None:
        """Write them."""
        self._ssh = await tools.path(SSH)
        for name, content in {
            _KEY: self.source.key,
            _KNOWN: f"{_ALIAS} {host_key.kind} {host_key.key}\n",
            _CONFIG: "\n".join([*self._settings(host_key), ""]),
        }.items():
            path = self.folder / name
            path.touch(0o600)
            path.write_text(content)

    def _settings(self, host_key: HostKey) -> Iterable[str]:
        source = self.source
        yield f"Host {_ALIAS}"
        yield f"HostName {source.host}"
        yield f"Port {source.port}"
        yield f'User "{source.username}"'
        yield f"HostKeyAlias {_ALIAS}"
        yield f"HostKeyAlgorithms {_ALGORITHMS[host_key.kind]}"
        yield f"UserKnownHostsFile {_KNOWN}"
        yield f"IdentityFile {_KEY}"
        yield from _FIXED

    @property
    def remote_shell(self) -> str:
        """Return what rsync starts, in the folder, to reach the device."""
        return f"{self._ssh} -F {_CONFIG}"

    async def is_restricted(self) -> bool:
        """Return whether the key reaches its folder only, as its line says: then that is the root of all paths."""
        out = bytearray()
        asked = f"rsync --version && test -d {shlex.quote(self.source.folder)}"
        call = ProgramCall(argv=(self._ssh, "-F", _CONFIG, _ALIAS, asked), folder=self.folder)
        try:
            ended = await run_program(call, lambda piece: out.extend(piece[:1000]), seconds=_ASK_SECONDS)
        except TimeoutError:
            raise CannotConnectError(_("It did not answer in time.")) from None
        if b"protocol version" in out:
            if ended.status == 1:
                raise ConfigError("folder", NO_FOLDER)
            return False
        if ended.status in {_LOGIN_FAILED, _NOT_FOUND}:
            raise self.error(ended)
        if "rrsync" in ended.output or "first arg" in ended.output or "SSH_ORIGINAL_COMMAND" in ended.output:
            return True
        raise UnsupportedDeviceError(_("This login does not run rsync. It says: {line}", line=ended.last_line))

    def error(self, ended: Ended) -> DeviceError:
        """Return what went wrong with the connection, by what ssh or the shell of the device said."""
        output = ended.output
        if "Permission denied (" in output or "Too many authentication failures" in output:
            line = authorized_line(self.source.key, self.source.folder)
            return AuthenticationError(
                _("It does not know this key. The line for the user's authorized_keys is: {line}", line=line)
            )
        if "Restricted directory does not exist" in output or "unable to chdir to restricted dir" in output:
            return UnsupportedDeviceError(_("The folder of the line in authorized_keys is not on the device."))
        if _is_missing(ended):
            return UnsupportedDeviceError(_NO_RRSYNC if "rrsync" in output else _NO_RSYNC)
        if "your shell clean" in output or "protocol version mismatch" in output:
            return UnexpectedResponseError(_GREETS)
        return (CannotConnectError if _AWAY.search(output) else UnexpectedResponseError)(ended.last_line)


def _is_missing(ended: Ended) -> bool:
    return ended.status == _NOT_FOUND or "command not found" in ended.output or ": not found" in ended.output


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


_FIXED = (
    "IdentitiesOnly yes",
    "IdentityAgent none",
    "GlobalKnownHostsFile none",
    "StrictHostKeyChecking yes",
    "UpdateHostKeys no",
    "VerifyHostKeyDNS no",
    "BatchMode yes",
    "PreferredAuthentications publickey",
    "ConnectTimeout 20",
    "ServerAliveInterval 15",
    "ServerAliveCountMax 4",
    "ClearAllForwardings yes",
    "ForwardAgent no",
    "ControlMaster no",
    "ControlPath none",
    "PermitLocalCommand no",
    "EscapeChar none",
    "Compression no",
    "LogLevel ERROR",
)
"""Nothing of the person's or the machine's own settings is read beside these."""
