"""Fetches a backup: the outputs of commands, or files by a list."""

import posixpath
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field

from asyncssh import SFTPClient, SFTPFailure, SFTPNoSuchFile, SFTPPermissionDenied

from ha_device_backup_core import (
    DeviceError,
    InvalidArtifactError,
    Note,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.toolkit import decoded, encoded, name_list, shown

from .entries import MOST_ENTRIES, PathEntry, PathKind, entries_of_tar, too_many
from .judging import check_output
from .paths import is_left_out
from .platform import Output
from .session import read_file
from .shell import words
from .ssh_errors import ssh_errors
from .talking import Talk
from .translation import _

_UNREADABLE = re.compile(
    r"^(?:[^\s:]*/)?tar: (?:(?P<gnu>.+?): (?:Cannot|Warning: Cannot|Read error)[^:]*(?:: (?P<why>[^\n]*))?"
    r"|can't (?:open|stat|read)(?: file)? '?(?P<busy>[^'\n]+?)'?: (?P<reason>[^\n]*)"
    r"|(?P<gone>.+?): (?:file changed as we read it|File removed before we read it|File shrank[^\n]*))$",
    re.MULTILINE,
)
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_NO_OPTION = re.compile(rb"(?:unrecognized|unknown|invalid) option|Usage:", re.IGNORECASE)
_NO_MATCH = "No such file"
_KINDS = {stat.S_IFREG: PathKind.FILE, stat.S_IFLNK: PathKind.LINK, stat.S_IFDIR: PathKind.FOLDER}


@dataclass(slots=True)
class CollectedFiles:
    """Files of a device, and what could not be read."""

    entries: list[PathEntry] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    not_there: set[str] = field(default_factory=set)
    changing: set[str] = field(default_factory=set)

    def missing(self) -> tuple[Note, ...]:
        """Return what a person should know of it."""
        said = (
            ("files_unreadable", self.unreadable, _("May not be read: {names}", names=name_list(self.unreadable))),
            ("files_not_there", self.not_there, _("Not on the device: {names}", names=name_list(self.not_there))),
            (
                "files_changing",
                self.changing,
                _("Changed while they were read: {names}", names=name_list(self.changing)),
            ),
        )
        return tuple(Note(code=code, text=text) for code, names, text in said if names)


async def collect_output(talk: Talk, output: Output, *, limit: int, seconds: float) -> bytes:
    """Return what a command gives; raises InvalidArtifactError for something else."""
    for command in filter(None, (output.command, output.otherwise)):
        content = await _output(talk, output, command, limit, seconds)
        try:
            await talk.context.run_blocking(check_output, output, content)
        except InvalidArtifactError:
            if command == output.command and output.otherwise:
                continue
            raise
        return content
    raise AssertionError


async def _output(talk: Talk, output: Output, command: str, limit: int, seconds: float) -> bytes:
    if output.left_as:
        return await _left_output(talk, output, command, limit, seconds)
    asking = talk.ask_as_root if output.with_sudo else talk.ask
    answer = await asking(command, limit=limit, seconds=seconds)
    if answer.status not in {0, None}:
        said = shown(answer.err or answer.out[:500])
        reason = _("{name} could not be read: {words}", name=output.name, words=said)
        if re.search(r"(?i)permission denied|not permitted|not enough permissions", said):
            raise PermissionDeniedError(reason)
        if answer.is_missing:
            raise UnsupportedDeviceError(reason)
        raise UnexpectedResponseError(reason)
    return answer.out


async def _left_output(talk: Talk, output: Output, command: str, limit: int, seconds: float) -> bytes:
    """Return a file that a command leaves on the device, and remove it there whatever happens."""
    session = await talk.session()
    try:
        await talk.ask(command, seconds=seconds)
        return await session.read_file(output.left_as, limit=limit)
    finally:
        with ssh_errors():
            async with session.sftp() as sftp:
                if await sftp.exists(output.left_as):
                    await sftp.remove(output.left_as)


async def collect_files(
    talk: Talk, paths: Sequence[str], excludes: Sequence[str], *, as_root: bool, limit: int, seconds: float
) -> CollectedFiles:
    """Return files and folders by the tar program of the device, by SFTP where there is none or no shell."""
    if not talk.has_shell:
        return await _by_sftp(talk, paths, excludes, limit)
    asking = talk.ask_as_root if as_root else talk.ask
    options: list[str] = [f"--exclude={_as_member(pattern)}" for pattern in excludes]
    if any("\\" in path for path in paths):
        # GNU tar reads "\n" in a name as the end of a line, BusyBox takes names as they are.
        options.append("--no-unquote")
    answer = await asking(_tar(paths, options), limit=limit, seconds=seconds)
    if answer.status and not answer.out and options and _NO_OPTION.search(answer.err):
        answer = await asking(_tar(paths, []), limit=limit, seconds=seconds)
    if answer.is_missing:
        return await _without_tar(talk, paths, excludes, limit)
    if not answer.out:
        raise _no_files(answer.err)
    entries = await talk.context.run_blocking(entries_of_tar, answer.out, excludes)
    collected = CollectedFiles(entries)
    _read_complaints(answer.err, collected)
    collected.changing &= {entry.path for entry in entries if entry.kind is PathKind.FILE}
    if answer.status and not collected.missing() and b"file changed" not in answer.err:
        raise UnexpectedResponseError(_("tar: {words}", words=shown(answer.err)))
    _demand_something(collected)
    return collected


def _tar(paths: Sequence[str], options: Sequence[str]) -> str:
    return words("tar", "-c", "-f", "-", "-C", "/", *options, "--", *(f".{path}" for path in paths))


def _as_member(pattern: str) -> str:
    return f".{pattern}" if pattern.startswith("/") else pattern


def _no_files(err: bytes) -> DeviceError:
    said = shown(err)
    if "ermission denied" in said:
        return PermissionDeniedError(_("tar: {words}", words=said))
    return UnexpectedResponseError(_("tar: {words}", words=said or "–"))


def _read_complaints(err: bytes, collected: CollectedFiles) -> None:
    for found in _UNREADABLE.finditer(decoded(err)):
        name = found["gnu"] or found["busy"] or found["gone"] or ""
        path = posixpath.normpath("/" + decoded(_OCTAL.sub(_unescaped, encoded(name))).lstrip("/"))
        why = found["why"] or found["reason"] or ""
        if found["gone"]:
            collected.changing.add(path)
        elif _NO_MATCH in why:
            collected.not_there.add(path)
        else:
            collected.unreadable.add(path)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)])


def _demand_something(collected: CollectedFiles) -> None:
    if any(entry.kind is not PathKind.FOLDER for entry in collected.entries):
        return
    if collected.unreadable:
        raise PermissionDeniedError(_("May not be read: {names}", names=name_list(collected.unreadable)))
    raise UnexpectedResponseError(
        _("Not on the device: {names}", names=name_list(collected.not_there))
        if collected.not_there
        else _("The folders are empty.")
    )


async def _without_tar(talk: Talk, paths: Sequence[str], excludes: Sequence[str], limit: int) -> CollectedFiles:
    try:
        return await _by_sftp(talk, paths, excludes, limit)
    except UnsupportedDeviceError as error:
        raise UnsupportedDeviceError(_("It has neither tar nor SFTP. Install one of them.")) from error


async def _by_sftp(talk: Talk, paths: Sequence[str], excludes: Sequence[str], limit: int) -> CollectedFiles:
    session = await talk.session()
    async with session.sftp() as sftp:
        walk = _Walk(sftp, tuple(excludes), limit)
        for path in paths:
            await walk.visit(path)
    walk.collected.entries.sort(key=lambda entry: entry.path)
    _demand_something(walk.collected)
    return walk.collected


class _Walk:
    """Goes through folders by SFTP."""

    def __init__(self, sftp: SFTPClient, excludes: tuple[str, ...], limit: int) -> None:
        self._sftp = sftp
        self._excludes = excludes
        self._left = limit
        self.collected = CollectedFiles()

    async def visit(self, path: str) -> None:
        """Take a path and all below it."""
        waiting = [path]
        while waiting:
            place = waiting.pop()
            if not is_left_out(place, self._excludes):
                waiting += await self._take(place)
            if len(self.collected.entries) > MOST_ENTRIES:
                too_many()

    async def _take(self, path: str) -> list[str]:
        try:
            return await self._taken(path)
        except SFTPNoSuchFile:
            self.collected.not_there.add(path)
        except (SFTPPermissionDenied, SFTPFailure):
            self.collected.unreadable.add(path)
        return []

    async def _taken(self, path: str) -> list[str]:
        raw = encoded(path)
        facts = await self._sftp.lstat(raw)
        mode = facts.permissions or 0
        kind = _KINDS.get(stat.S_IFMT(mode))
        if kind is None:
            return []
        target = decoded(await self._sftp.readlink(raw)) if kind is PathKind.LINK else ""
        content = await self._content(raw) if kind is PathKind.FILE else b""
        below = await self._sftp.listdir(raw) if kind is PathKind.FOLDER else []
        self.collected.entries.append(
            PathEntry(
                path=path,
                kind=kind,
                mode=stat.S_IMODE(mode),
                uid=facts.uid or 0,
                gid=facts.gid or 0,
                target=target,
                content=content,
            )
        )
        names = map(decoded, below)
        return [posixpath.join(path, name) for name in names if name not in {".", ".."} and "/" not in name]

    async def _content(self, raw: bytes) -> bytes:
        content = await read_file(self._sftp, raw, limit=self._left)
        self._left -= len(content)
        return content
