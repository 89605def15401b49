"""OpenSSH and dropbear, started by an ordinary user, with a user of their own and what such a device has."""

import abc
import asyncio
import os
import subprocess
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import asyncssh
import bcrypt

from scripts.bootstrap.servers import SERVERS

from .process import RealServer, from_debian

DEBIAN = SERVERS / "debian"
USERNAME = "keeper"
PASSWORD = "canary ssh/4711"
GREETING = "Welcome to the cellar: 98 packages can be updated.\n"
_ORDINARY = 4711
"""The user that the servers run as where the tests run as root."""
UID = _ORDINARY if os.geteuid() == 0 else os.geteuid()
GID = _ORDINARY if os.geteuid() == 0 else os.getegid()


def folder_for_server(tmp_path: Path) -> Path:
    """Return a new folder to which the user that servers run as finds through."""
    for folder in (tmp_path, *tmp_path.parents[:3]) if os.geteuid() == 0 else ():
        folder.chmod(folder.stat().st_mode | 0o011)
    folder = tmp_path / "server"
    folder.mkdir()
    return folder


@cache
def host_keys() -> Mapping[str, asyncssh.SSHKey]:
    """Return what all servers have: to find the primes of one takes longer than many tests."""
    return {
        "ed25519": asyncssh.generate_private_key("ssh-ed25519"),
        "rsa": asyncssh.generate_private_key("ssh-rsa", key_size=2048),
    }


class SshServer(RealServer):
    """An SSH server with one user, whose home is `home` and whose shell greets."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.home.mkdir()
        self.bin.mkdir()
        self.device.mkdir()
        for name, key in host_keys().items():
            self.write_key(name, key)
        self._passwd = folder / "passwd"
        self.set_password(PASSWORD)
        (folder / "group").write_text(f"{USERNAME}:x:{GID}:\n")
        self.set_profile(f"printf '%s' {GREETING!r}")

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def bin(self) -> Path:
        """Programs of the device, which come before those of this machine."""
        return self.home / "bin"

    @property
    def device(self) -> Path:
        """Files of the device."""
        return self.folder / "device"

    def key(self, name: str) -> Path:
        return self.folder / f"host_{name}"

    def write_key(self, name: str, key: asyncssh.SSHKey) -> None:
        self.key(name).write_bytes(key.export_private_key())
        self.key(name).chmod(0o600)

    def fingerprint(self, name: str = "ed25519") -> str:
        return asyncssh.read_private_key(self.key(name)).get_fingerprint()

    def set_password(self, password: str) -> None:
        """Let that password in: it is looked up for each login."""
        digest = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
        self._passwd.write_text(f"{USERNAME}:{digest}:{UID}:{GID}::{self.home}:/bin/bash\n")

    def set_profile(self, *lines: str) -> None:
        """Have the shell do that at its start, beside looking for programs in `bin` first."""
        (self.home / ".bashrc").write_text("\n".join([f"PATH={self.bin}:/usr/bin:/bin", "export PATH", *lines, ""]))

    def authorize(self, line: str) -> None:
        folder = self.home / ".ssh"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "authorized_keys").write_text(line + "\n")
        (folder / "authorized_keys").chmod(0o600)

    def program(self, name: str, script: str) -> None:
        """Give the device a program."""
        file = self.bin / name
        file.write_text("#!/bin/sh\n" + textwrap.dedent(script))
        file.chmod(0o755)

    def prepare(self) -> None:
        """Make what is needed before each start."""

    async def start(self) -> None:
        self.prepare()
        if os.geteuid() == 0:
            self._give_away()
        await super().start()

    def _give_away(self) -> None:
        """Make the folder that of the user whom the server runs as."""
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, UID, GID, follow_symlinks=False)

    @property
    def command(self) -> Sequence[str | Path]:
        away = ("setpriv", f"--reuid={UID}", f"--regid={GID}", "--clear-groups") if os.geteuid() == 0 else ()
        return [*away, self.wrapped(self.program_path, *self.arguments)]

    def wrapped(self, program: str, *arguments: str | Path) -> Path:
        """Return a script that starts a program of Debian's, which knows the users of this server."""
        (library,) = (DEBIAN / "usr/lib").glob("*/libnss_wrapper.so")
        loader, *libraries = from_debian(program)
        words = [loader, "--preload", library, *self.loading, *libraries, *arguments]
        file = self.folder / Path(program).name
        file.write_text(
            "#!/bin/sh\n"
            + "".join(f"export {name}='{value}'\n" for name, value in self._users.items())
            + f'exec {" ".join(f"'{word}'" for word in words)} "$@"\n'
        )
        file.chmod(0o755)
        return file

    @property
    def loading(self) -> Sequence[str]:
        """What else the loader is told."""
        return ()

    @property
    def _users(self) -> Mapping[str, str]:
        return {"NSS_WRAPPER_PASSWD": str(self._passwd), "NSS_WRAPPER_GROUP": str(self.folder / "group")}

    @property
    @abc.abstractmethod
    def program_path(self) -> str:
        """Where in Debian's packages it lies."""

    @property
    @abc.abstractmethod
    def arguments(self) -> Sequence[str | Path]:
        """What it is started with."""

    async def is_ready(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        greeting = await reader.readline()
        writer.close()
        return greeting.startswith(b"SSH-2.0-")


class OpenSsh(SshServer):
    """sshd of OpenSSH, with SFTP."""

    settings: Sequence[str] = ()

    @property
    def program_path(self) -> str:
        return "usr/sbin/sshd"

    @property
    def arguments(self) -> Sequence[str | Path]:
        helpers = "usr/lib/openssh"
        lines = [
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            *(f"HostKey {self.key(name)}" for name in ("ed25519", "rsa") if self.key(name).is_file()),
            f"PidFile {self.folder}/pid",
            f"AuthorizedKeysFile {self.home}/.ssh/authorized_keys",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication yes",
            "KbdInteractiveAuthentication no",
            f"SshdSessionPath {self.wrapped(f'{helpers}/sshd-session')}",
            f"SshdAuthPath {self.wrapped(f'{helpers}/sshd-auth')}",
            "Subsystem sftp internal-sftp",
            "PerSourcePenalties no",
            "LogLevel VERBOSE",
            *self.settings,
        ]
        (self.folder / "sshd_config").write_text("\n".join([*lines, ""]))
        return ["-D", "-e", "-f", self.folder / "sshd_config"]


class Dropbear(SshServer):
    """The server of OpenWrt and of small devices, without SFTP."""

    @property
    def program_path(self) -> str:
        return "usr/sbin/dropbear"

    @property
    def arguments(self) -> Sequence[str | Path]:
        keys = [part for own in sorted(self.folder.glob("dropbear_*")) for part in ("-r", own)]
        return ["-F", "-E", "-p", f"127.0.0.1:{self.port}", "-P", self.folder / "pid", *keys]

    @property
    def loading(self) -> Sequence[str]:
        """Keep it from starting itself anew for each connection, by a name that there is not."""
        return ("--argv0", "dropbear-forking")

    def prepare(self) -> None:
        """Make host keys in dropbear's own form."""
        for key in self.folder.glob("host_*"):
            made = self.folder / key.name.replace("host", "dropbear")
            if made.is_file():
                continue
            convert = from_debian("usr/bin/dropbearconvert")
            subprocess.run([*convert, "openssh", "dropbear", key, made], check=True, capture_output=True)


__all__ = ["DEBIAN", "GREETING", "PASSWORD", "USERNAME", "Dropbear", "OpenSsh", "SshServer", "folder_for_server"]
