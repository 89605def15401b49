"""A device with a large folder, and an agent's machine with rsync, restic and ssh: all of them real."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.trees.places import TreePlaces
from ha_device_backup_agent.trees.repository import PASSWORD

from .light_key import lighten
from .process import from_debian
from .ssh import DEBIAN, USERNAME, OpenSsh

TOOLS = ("rsync", "restic", "ssh", "ssh-keyscan")
RESTIC, RSYNC = b"/usr/bin/restic\0", b"/usr/bin/rsync\0"


class RsyncDevice(OpenSsh):
    """A device with rsync and rrsync, whose shell says nothing by itself."""

    settings = ("MaxStartups 100",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.tree.mkdir()
        self.set_profile()
        self.program("rsync", f'exec {words(from_debian("usr/bin/rsync"))} "$@"\n')
        script = (DEBIAN / "usr/bin/rrsync").read_text().replace("'/usr/bin/rsync'", repr(str(self.bin / "rsync")))
        (self.folder / "rrsync.py").write_text(script)
        python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
        self.program("rrsync", f'exec {python} {self.folder / "rrsync.py"} "$@"\n')

    @property
    def tree(self) -> Path:
        return self.device / "my photos"

    def config(self, **changes: object) -> dict[str, Any]:
        """Return what a person enters."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": USERNAME,
            "folder": str(self.tree),
            "host_key": self.fingerprint(),
        } | changes

    def give_away(self) -> None:
        """Make new files those of the user of the server."""
        if os.geteuid() == 0:
            self._give_away()


def words(parts: list[Path | str]) -> str:
    return " ".join(f"'{part}'" for part in parts)


def machine(folder: Path) -> Path:
    """Return a folder for PATH with the programs that an agent needs."""
    folder.mkdir()
    for name in TOOLS:
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {words(from_debian(f"usr/bin/{name}"))} "$@"\n')
        program.chmod(0o755)
    return folder


def places_in(folder: Path, repository: str | None = None, large: Path | None = None) -> TreePlaces:
    """Return the places of an agent whose data is in that folder."""
    data = DataFolder(folder)
    data.prepare()
    return TreePlaces(data, repository=repository, large=large)


def fill_with_repository(agent: Path) -> None:
    """Make the repository of an agent in its folder, with a key that opens it at once."""
    password, place = "canary-of-repository", agent / "large/repository"
    environment = {"RESTIC_REPOSITORY": str(place), "RESTIC_PASSWORD": password, "HOME": str(agent)}
    subprocess.run([*from_debian("usr/bin/restic"), "init"], env=environment, check=True, capture_output=True)
    lighten(place, password)
    (agent / PASSWORD).write_text(f"{password}\n")
    (agent / PASSWORD).chmod(0o600)


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return rights, time and content of everything in a folder."""
    found: dict[str, tuple[int, int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        time = 0 if path.is_dir() or path.is_symlink() else facts.st_mtime_ns
        found[os.fsdecode(os.fsencode(path.relative_to(folder)))] = (facts.st_mode, time, content)
    return found


def processes(program: bytes, place: Path, *words: bytes) -> list[int]:
    """Return the programs that work with a place: as an argument, or in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, around = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if program in command and os.fsencode(place) in command + around and all(word in command for word in words):
            found.append(int(process.name))
    return found
