"""What all simulated devices with SSH share: logins, host keys, faults, and an end for everything."""

import abc
import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncssh

PASSWORD = "canary ssh/4711"


@dataclass(slots=True, kw_only=True)
class SshFaults:
    """What goes wrong from now on; counts are how many of the next commands do."""

    hang: int = 0
    """No answer."""
    drop: int = 0
    """The connection ends in the middle of the answer."""
    cut: int = 0
    """The answer ends early, without an error."""
    endless: int = 0
    """An answer of any size."""
    half: int = 0
    """Half of what is given to the command arrives."""
    no_commands: str | None = None
    """What is said in place of running commands."""
    no_sftp: bool = False

    def take(self, name: str) -> bool:
        """Use up one of a count."""
        left = int(getattr(self, name))
        setattr(self, name, max(0, left - 1))
        return left > 0


QUICK_CIPHER = "aes128-gcm@openssh.com"
"""Of the others, the one that both would choose takes a fifth of all the time."""


class _Logins(asyncssh.SSHServer):
    def __init__(self, device: "SimulatedSsh") -> None:
        self._device = device

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._device.connections.add(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._device.username, self._device.password)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._device.authorized
        return username == self._device.username and key.export_public_key().decode().split()[1] in known


class SimulatedSsh(abc.ABC):
    """A device that answers by SSH while the block of `async with` runs."""

    username = "root"

    def __init__(self) -> None:
        """Make a folder for what is on it."""
        self.folder = Path(tempfile.mkdtemp(prefix="ssh-device-"))
        self.password = PASSWORD
        self.authorized: set[str] = set()
        self.faults = SshFaults()
        self.host_keys = [asyncssh.generate_private_key("ssh-ed25519")]
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.commands: list[str] = []
        self.before: Callable[[str, bytes], object] = lambda _command, _given: None
        """What happens as a command comes, before it is carried out."""
        self.port = 0
        self._server: asyncssh.SSHAcceptor | None = None

    @property
    def fingerprint(self) -> str:
        return self.host_keys[0].get_fingerprint()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def start(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Logins(self),
            server_host_keys=self.host_keys,
            encryption_algs=[QUICK_CIPHER],
            process_factory=self._process,
            sftp_factory=None if self.faults.no_sftp else self.sftp,
            encoding=None,
            config=None,
            login_timeout=30,
            reuse_address=True,
        )
        self.port = self._server.get_port()

    async def stop(self) -> None:
        """Refuse connections and end those there are, as when somebody pulls the plug."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self.hang_up()

    def hang_up(self) -> None:
        """End every connection."""
        for connection in self.connections:
            connection.abort()
        self.connections.clear()

    async def _process(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        with contextlib.suppress(asyncssh.Error, ConnectionError, BrokenPipeError):
            command = process.command or ""
            self.commands.append(command)
            if self.faults.no_commands is not None:
                process.stdout.write(self.faults.no_commands.encode())
                process.exit(1)
            elif self.faults.take("hang"):
                await asyncio.Event().wait()
            elif self.faults.take("endless"):
                await self._endless(process)
            else:
                await self._answered(process, command)

    async def _answered(self, process: "asyncssh.SSHServerProcess[bytes]", command: str) -> None:
        given = await process.stdin.read() if self.reads_input(command) else b""
        if given and self.faults.take("half"):
            given = given[: len(given) // 2]
        self.before(command, given)
        status, out, err = await self.run(command, given)
        if self.faults.take("drop"):
            process.stdout.write(out[: len(out) // 2])
            await process.stdout.drain()
            self.hang_up()
            return
        if self.faults.take("cut"):
            out = out[: len(out) // 2]
        process.stdout.write(out)
        process.stderr.write(err)
        process.exit(status)
        await self.after(command)

    async def _endless(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        while True:
            process.stdout.write(b"\0" * 65536)
            await process.stdout.drain()

    def sftp(self, channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
        """Return what answers SFTP: the folder of the device."""
        return asyncssh.SFTPServer(channel, chroot=str(self.folder).encode())

    def reads_input(self, command: str) -> bool:
        """Whether a command waits for what is given to it."""
        return True

    @abc.abstractmethod
    async def run(self, command: str, given: bytes) -> tuple[int, bytes, bytes]:
        """Return how a command ends, and what it prints."""

    async def after(self, command: str) -> None:  # noqa: B027 - most do nothing then
        """Do what comes after a command."""
