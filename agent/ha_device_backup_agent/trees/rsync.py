"""What rsync does for a tree: pulls it, says what a restore would change, puts it back."""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core import (
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    RestoreRejectedError,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import shown

from ..processes import Ended, Lines, ProgramCall, run_program
from ..translation import _
from .keys import authorized_line
from .ssh_access import NO_FOLDER, SshAccess

_KEEPING = ("-rlptgoH", "--numeric-ids", "--fake-super")
"""What is kept of a file. Owners and links are noted beside the copy, so that the agent needs no rights of root."""
_IDLE_SECONDS = 300
_BYTES = re.compile(r"\s*([\d,.]+)\s+(\d+)%")
_ITEM = re.compile(r"([<>ch.*])([fdLDS])([^ ]{9}) (.+)", re.DOTALL)
_UNREADABLE = re.compile(r'\[sender\].*?"(?:/proc/self/fd/\d+/?)?([^"]*)"[^"]*: Permission denied \(13\)')
_UNREAD_SIDES = re.compile(r"\[(receiver|generator)\]|^rsync: write failed|failed to set", re.MULTILINE)
_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_NO_FOLDER = re.compile(r"(?:change_dir|link_stat).*failed: No such file or directory")
_BROKEN = re.compile(
    r"^.*(?:connection unexpectedly closed|io timeout|timeout in data|Broken pipe|Connection reset).*$", re.MULTILINE
)
_READ_ONLY = re.compile(r"read-only server|Permission denied \(13\)|Read-only file system")
_PARTLY, _VANISHED, _IO = 23, 24, 11
_MOST_SHOWN = 5

type Sent = Callable[[int], None]
"""Called with the bytes that went across so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Files that the login may not read."""

    count: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A file that is another one on the device, or not there."""

    name: str
    is_new: bool
    content: bool = False
    time: bool = False
    rights: bool = False
    owner: bool = False
    size: int = 0
    """In bytes, of what would be sent."""
    is_folder: bool = False

    @property
    def is_owner_alone(self) -> bool:
        """Return whether only owner or group differ, which an ordinary user cannot set."""
        return self.owner and not (self.is_new or self.content or self.time or self.rights)


class Rsync:
    """Runs rsync for one job with one device."""

    def __init__(self, program: str, access: SshAccess, root: str, *, bandwidth: int | None = None) -> None:
        """Take where the tree begins for the login, and the KiB that may cross in a second."""
        self._program = program
        self._access = access
        self._remote = f"device:{root.rstrip('/')}/"
        self._limits = (f"--timeout={_IDLE_SECONDS}", *(() if bandwidth is None else (f"--bwlimit={bandwidth}",)))

    async def pull(self, mirror: Path, partial: Path, excludes: Sequence[str], sent: Sent) -> Unreadable:
        """Make the mirror equal to the tree, and return what could not be read."""
        ended = await self._run(
            *_KEEPING,
            "--delete",
            "--delete-excluded",
            f"--partial-dir={partial}",
            "--info=progress2",
            *(f"--exclude={pattern}" for pattern in excludes),
            "--",
            self._remote,
            f"{mirror}/",
            take=lambda line: _report_bytes(line, sent),
        )
        if ended.status in {0, _VANISHED} or _FULL.search(ended.output):
            # What is half there is of files that are gone by now, or takes the room that all others need.
            await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
        if ended.status in {0, _VANISHED}:
            return Unreadable()
        if ended.status == _PARTLY and not _UNREAD_SIDES.search(ended.output):
            names = list(dict.fromkeys(_UNREADABLE.findall(ended.output)))
            if names and "" not in names:
                return Unreadable(count=len(names), names=tuple(shown(name) for name in sorted(names)[:_MOST_SHOWN]))
        raise self._error(ended)

    async def differences(self, source: Path, *, by_content: bool = False) -> tuple[Difference, ...]:
        """Return what a push would change on the device; nothing is changed."""
        found: list[Difference] = []

        def take(line: str) -> None:
            difference = difference_of(line)
            if difference is not None:
                found.append(difference)

        ended = await self._run(
            *_KEEPING,
            *(("--checksum",) if by_content else ()),
            "--dry-run",
            "--out-format=%i %l %n",
            "--",
            f"{source}/",
            self._remote,
            take=take,
        )
        if ended.status != 0:
            raise self._refused(ended)
        return tuple(found)

    async def push(self, source: Path, sent: Sent) -> Ended:
        """Put the tree back: what differs is written, nothing is deleted; the end may tell of files that were not."""
        ended = await self._run(
            *_KEEPING, "--info=progress2", "--", f"{source}/", self._remote, take=lambda line: _report_bytes(line, sent)
        )
        if ended.status not in {0, _PARTLY, _VANISHED}:
            raise self._error(ended)
        return ended

    async def _run(self, *arguments: str, take: Callable[[str], None]) -> Ended:
        call = ProgramCall(
            argv=(self._program, "-e", self._access.remote_shell, *self._limits, *arguments),
            folder=self._access.folder,
        )
        return await run_program(call, Lines(take))

    def _refused(self, ended: Ended) -> DeviceBackupError:
        if _READ_ONLY.search(ended.output) and "Permission denied (publickey" not in ended.output:
            source = self._access.source
            line = authorized_line(source.key, source.folder, may_write=True)
            return RestoreRejectedError(
                _(
                    "This login may only read. For the restore put this line in place of the other in authorized_keys,"
                    " and change it back afterwards: {line}",
                    line=line,
                )
            )
        return self._error(ended)

    def _error(self, ended: Ended) -> DeviceBackupError:
        output = ended.output
        if _FULL.search(output):
            return DeviceBusyError(_("A disk is full: {line}", line=_line_with(_FULL, output)))
        if _NO_FOLDER.search(output):
            return ConfigError("folder", NO_FOLDER)
        if ended.status == _IO or _UNREAD_SIDES.search(_BROKEN.sub("", output)):
            return DeviceBusyError(
                _("The agent could not keep what came: {line}", line=_line_with(_UNREAD_SIDES, output))
            )
        error = self._access.error(ended)
        if isinstance(error, UnexpectedResponseError) and _BROKEN.search(output):
            return CannotConnectError(_("The connection ended in the middle."))
        return error


def _line_with(pattern: re.Pattern[str], output: str) -> str:
    return shown(next((line for line in output.splitlines() if pattern.search(line)), output), 300)


def _report_bytes(line: str, sent: Sent) -> None:
    found = _BYTES.match(line)
    if found is not None:
        sent(int(re.sub(r"\D", "", found[1])))


def difference_of(line: str) -> Difference | None:
    """Return what a line of rsync tells of a file that differs."""
    item, _space, rest = line.partition(" ")
    size, _space, name = rest.partition(" ")
    found = _ITEM.fullmatch(f"{item} {name}")
    if found is None or found[1] == "*" or not size.isdigit():
        return None
    flags = found[3]
    is_new = flags.startswith("+")
    return Difference(
        name=shown(name.rstrip("/"), 500) or ".",
        is_new=is_new,
        content="c" in flags[0] or "s" in flags[1],
        time=flags[2] in "tT",
        rights=flags[3] == "p",
        owner="o" in flags[4] or "g" in flags[5],
        size=int(size) if found[1] == "<" else 0,
        is_folder=found[2] == "d",
    )


def total_size(differences: Iterable[Difference]) -> int:
    """Return how many bytes would be sent at most."""
    return sum(difference.size for difference in differences)
