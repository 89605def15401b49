"""A connection by SSH; what goes wrong is an error of the contract. Imported in a thread: asyncssh does much then."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncssh

from ha_device_backup_core import (
    ArtifactTooLargeError,
    CannotConnectError,
    ConfigError,
    HostKeyNotTrustedError,
    RunBlocking,
    UnsupportedDeviceError,
)
from ha_device_backup_core.toolkit import encoded, tidy_private_key

from .login import SshLogin, sha256_of
from .ssh_errors import ssh_errors
from .translation import _

_LOGIN_SECONDS = 40.0
"""Until a login is done, the connection included: some devices look up names for half a minute before they answer."""
_NO_SFTP = (
    asyncssh.SFTPNoConnection,
    asyncssh.SFTPConnectionLost,
    asyncssh.SFTPBadMessage,
    asyncssh.ChannelOpenError,
)
"""How it ends where nothing serves it; dropbear has a shell say so where the answer was to come."""
_KEEPALIVE_SECONDS, _KEEPALIVE_COUNT = 15, 3
_PIECE = 256 * 1024
_MOST_READ = 64 * 1024
_MOST_ERRORS = 256 * 1024
"""Bytes of what a command says of its troubles; the rest is let go."""
_KEY_TYPES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
)
"""Host keys, best first: a device that gets another one beside the trusted one stays trusted."""
_OLD = {
    "kex_algs": "+diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1",
    "encryption_algs": "+aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc",
    "mac_algs": "+hmac-md5,hmac-sha1-96",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SshAddress:
    """Where a device is, and by which host key it is known."""

    host: str
    port: int
    pinned: str | None
    """SHA-256 of the host key; None where none is trusted yet."""
    is_old: bool = False
    """Whether algorithms are allowed that are broken, for devices that know no others."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did; status is None where the connection says nothing of it."""

    status: int | None
    out: bytearray = field(repr=False)
    err: bytes = field(repr=False)


class _Client(asyncssh.SSHClient):
    """Trusts one host key alone, and keeps which one was shown."""

    def __init__(self, pinned: str | None) -> None:
        self._pinned = pinned
        self.seen: str | None = None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.seen = sha256_of(key.get_fingerprint())
        return self.seen == self._pinned


class Session:
    """An open connection, for one job."""

    def __init__(self, connection: asyncssh.SSHClientConnection) -> None:
        """Take a connection after its login."""
        self._connection = connection

    async def run(self, command: str, *, given: bytes = b"", limit: int, seconds: float) -> Ran:
        """Run a command; raise ArtifactTooLargeError for more bytes than the limit."""
        with ssh_errors():
            async with asyncio.timeout(seconds):
                process = await self._connection.create_process(encoded(command), encoding=None)
                try:
                    _sent, out, err = await asyncio.gather(
                        _send(process, given), _read(process.stdout, limit), _read_some(process.stderr)
                    )
                    await process.wait_closed()
                finally:
                    process.close()
            return Ran(process.exit_status, out, err)

    async def read_file(self, path: str, *, limit: int) -> bytes:
        """Return a file by SFTP."""
        async with self.sftp() as sftp:
            return await read_file(sftp, path, limit=limit)

    @contextlib.asynccontextmanager
    async def sftp(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Open SFTP for the block; raises UnsupportedDeviceError where the device has none."""
        with ssh_errors():
            try:
                opening = self._connection.start_sftp_client()
                client = await asyncio.wait_for(opening, _LOGIN_SECONDS)
            except _NO_SFTP as error:
                raise UnsupportedDeviceError(_("It offers no files by SFTP.")) from error
            async with client:
                yield client

    async def close(self) -> None:
        """End the connection."""
        self._connection.abort()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._connection.wait_closed(), 2.0)


async def read_file(sftp: asyncssh.SFTPClient, path: bytes | str, *, limit: int) -> bytes:
    """Return a file; raise ArtifactTooLargeError for more bytes than the limit."""
    async with sftp.open(path, "rb") as file:
        pieces = bytearray()
        while piece := await file.read(_PIECE):
            pieces += _raw(piece)
            _bound(len(pieces), limit)
        return bytes(pieces)


async def read_small_file(sftp: asyncssh.SFTPClient, path: str) -> bytes:
    """Return a file that tells something of the device; empty where there is none."""
    try:
        return await read_file(sftp, path, limit=_MOST_READ)
    except (asyncssh.SFTPError, ArtifactTooLargeError):
        return b""


async def open_session(address: SshAddress, login: SshLogin, run_blocking: RunBlocking) -> Session:
    """Connect and log in; raises HostKeyNotTrustedError with the key that the device showed."""
    key = None if login.key is None else await run_blocking(_private_key, login.key, login.passphrase)
    first: HostKeyNotTrustedError | None = None
    for wanted in _orders(address.pinned):
        try:
            return Session(await _connected(address, login, key, wanted))
        except HostKeyNotTrustedError as error:
            first = first or error
        except (CannotConnectError, UnsupportedDeviceError):
            if first is None:
                raise
    raise first or CannotConnectError


def _orders(pinned: str | None) -> list[tuple[str, ...]]:
    """Return in which orders host keys are asked for: by kind, where the preferred one is not the trusted one."""
    everything = tuple(name for kind in _KEY_TYPES for name in kind)
    return [everything, *(_KEY_TYPES[1:] if pinned else ())]


async def _connected(
    address: SshAddress, login: SshLogin, key: asyncssh.SSHKey | None, wanted: tuple[str, ...]
) -> asyncssh.SSHClientConnection:
    client = _Client(address.pinned)
    with ssh_errors():
        try:
            connection, _client = await asyncssh.create_connection(
                lambda: client,
                address.host,
                address.port,
                config=None,
                username=login.username,
                password=login.password if key is None else None,
                client_keys=None if key is None else [key],
                agent_path=None,
                gss_auth=False,
                gss_kex=False,
                host_based_auth=False,
                known_hosts=([], [], []),
                server_host_key_algs=list(wanted),
                connect_timeout=_LOGIN_SECONDS,
                login_timeout=_LOGIN_SECONDS,
                keepalive_interval=_KEEPALIVE_SECONDS,
                keepalive_count_max=_KEEPALIVE_COUNT,
                **(_OLD if address.is_old else {}),
            )
        except asyncssh.HostKeyNotVerifiable:
            if client.seen is None:
                raise
            raise HostKeyNotTrustedError(client.seen) from None
    return connection


def _private_key(text: str, passphrase: str | None) -> asyncssh.SSHKey:
    tidy = tidy_private_key(text)
    try:
        return asyncssh.import_private_key(tidy, passphrase)
    except asyncssh.KeyEncryptionError as error:
        raise ConfigError("passphrase", _("The key does not open with it.")) from error
    except (asyncssh.KeyImportError, ValueError) as error:
        if passphrase is None and "passphrase" in str(error).lower():
            raise ConfigError("passphrase", _("The private key is protected by one: enter it.")) from error
        if passphrase is not None and "ENCRYPTED" in tidy:
            raise ConfigError("passphrase", _("The key does not open with it.")) from error
        raise ConfigError("private_key", _("It is damaged, or of a kind that is not known.")) from error


def made_pair(comment: str) -> tuple[str, str]:
    """Return a new key pair: the private half, and the line that a device is given."""
    key = asyncssh.generate_private_key("ssh-ed25519", comment=comment)
    return key.export_private_key().decode(), key.export_public_key().decode().strip()


def public_half(private: str, passphrase: str | None) -> str:
    """Return the line that a device has to know for a private key."""
    return _private_key(private, passphrase).export_public_key().decode().strip()


async def _send(process: "asyncssh.SSHClientProcess[bytes]", given: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for start in range(0, len(given), _PIECE):
            process.stdin.write(given[start : start + _PIECE])
            await process.stdin.drain()
        process.stdin.write_eof()


async def _read(stream: "asyncssh.SSHReader[bytes]", limit: int) -> bytearray:
    pieces = bytearray()
    while piece := await stream.read(_PIECE):
        pieces += piece
        _bound(len(pieces), limit)
    return pieces


async def _read_some(stream: "asyncssh.SSHReader[bytes]") -> bytes:
    pieces = bytearray()
    while piece := await stream.read(_PIECE):
        pieces += piece[: max(0, _MOST_ERRORS - len(pieces))]
    return bytes(pieces)


def _raw(said: bytes | str) -> bytes:
    """Return bytes that SFTP gave: its library says that they may be a text, which they are not here."""
    return said if isinstance(said, bytes) else said.encode()


def _bound(size: int, limit: int) -> None:
    if size > limit:
        raise ArtifactTooLargeError(_("It sends more than {megabytes} MB.", megabytes=limit // 1024 // 1024))
