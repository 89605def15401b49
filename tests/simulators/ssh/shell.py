"""A device whose commands a shell of this machine runs, with programs of the device in front of its own."""

import asyncio
import textwrap

import asyncssh

from .server import SimulatedSsh

_CAT = """
    for path in "$@"; do
      if [ -e "$ROOT$path" ]; then /bin/cat "$ROOT$path"; else
        case "$path" in /etc/*|/proc/*|/sys/*|/var/*) echo "cat: $path: No such file or directory" >&2; exit 1;; esac
        /bin/cat "$path"
      fi
    done
    [ $# -gt 0 ] || exec /bin/cat
"""
"""Files that tell who a device is lie in a folder of its own."""


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", device: "SimulatedShell") -> None:
        super().__init__(channel)
        self._device = device

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if path.decode("utf-8", "surrogateescape").rpartition("/")[2] in self._device.unreadable:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return super().open(path, pflags, attrs)


class SimulatedShell(SimulatedSsh):
    """A device with a POSIX shell."""

    greeting = ""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: set[str] = set()
        """Names of files that may not be read."""
        self._running: set[asyncio.Task[tuple[int, bytes, bytes]]] = set()
        self.root = self.folder / "root"
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        self.program("cat", _CAT)

    def program(self, name: str, script: str) -> None:
        """Give the device a program."""
        file = self.bin / name
        file.write_text("#!/bin/sh\n" + textwrap.dedent(script))
        file.chmod(0o755)

    def say(self, path: str, content: str) -> None:
        """Put a file where the device tells something of itself."""
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def sftp(self, channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
        """Return what answers SFTP: the files of this machine, some of which may not be read."""
        return _Files(channel, self)

    async def stop(self) -> None:
        await super().stop()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def run(self, command: str, given: bytes) -> tuple[int, bytes, bytes]:
        # What runs goes on when the connection ends.
        running = asyncio.create_task(self._run(command, given))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await asyncio.shield(running)

    async def _run(self, command: str, given: bytes) -> tuple[int, bytes, bytes]:
        process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            f"{self.greeting}{command}",
            env={
                "PATH": f"{self.bin}:/usr/bin:/bin",
                "ROOT": str(self.root),
                "HOME": str(self.folder),
                "TMPDIR": str(self.folder),
            },
            cwd=self.folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(given)
        return process.returncode or 0, out, err
