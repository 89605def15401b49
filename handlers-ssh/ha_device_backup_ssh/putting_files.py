"""Puts files back one by one: beside the old one first, then in its place, and only what differs."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from ha_device_backup_core import (
    CannotConnectError,
    DeviceError,
    FileChange,
    PlannedFile,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    Text,
)
from ha_device_backup_core.toolkit import RestoreErrors, decoded, encoded, files_of_reach, name_list, shown

from .collecting import collect_files
from .entries import PathEntry, PathKind
from .paths import fits, name_of
from .platform import FileTree
from .shell import CommandAnswer, quoted, words
from .talking import Talk
from .translation import _

_BATCH_CHARACTERS = 40_000
_SECONDS = 300.0
_LONGEST_NAME = 200
"""Bytes; with what is added to it a name stays below the 255 that file systems take."""
_SYNC = "sync"
"""Writes all that waits to the disk: names of files, too, which would else be lost in a power cut."""
_NUMBER = re.compile(rb"-?[0-9]{1,6}")


class FilesPutter:
    """Puts the entries of one backup on a device."""

    def __init__(
        self, talk: Talk, tree: FileTree, entries: Sequence[PathEntry], *, as_root: bool, limit: int, command: str
    ) -> None:
        """Take what is to be on the device afterwards, and the command that has it used."""
        self._talk, self._tree, self._as_root, self._limit, self._command = talk, tree, as_root, limit, command
        self._folders = {entry.path: entry for entry in entries if entry.kind is PathKind.FOLDER}
        self._wanted = [entry for entry in entries if entry.kind is not PathKind.FOLDER]
        self._errors = RestoreErrors()

    async def plan(self) -> RestorePlan:
        """Return what would be put where."""
        there = await self._there()
        changed = self._differing(there)
        paths = [entry.path for entry in changed]
        needs: tuple[Text, ...] = ()
        if changed and not self._command:
            needs = (_("Restart the programs that use these files, or the device."),)
        return RestorePlan(
            files=tuple(self._planned(entry, there.get(entry.path)) for entry in self._wanted),
            needs=needs,
            risks=tuple(_risks(paths, self._tree)),
        )

    def _differing(self, there: Mapping[str, PathEntry]) -> list[PathEntry]:
        return [entry for entry in self._wanted if not _is_same(entry, there.get(entry.path))]

    def _planned(self, wanted: PathEntry, there: PathEntry | None) -> PlannedFile:
        name = name_of(wanted.path)
        if there is None:
            return PlannedFile(name=name, change=FileChange.ADDED)
        if _is_same(wanted, there):
            return PlannedFile(name=name, change=FileChange.UNCHANGED)
        return PlannedFile(name=name, change=FileChange.CHANGED, details=tuple(_differences(wanted, there)))

    async def restore(self, progress: Progress) -> RestoreReport:
        """Put back what differs, have it used, and read it back."""
        with self._errors.told():
            return await self._put_back(progress)

    async def _put_back(self, progress: Progress) -> RestoreReport:
        there = await self._there()
        waiting = self._differing(there)
        refused = await self._written(waiting, progress)
        if refused and len(refused) == len(waiting):
            raise self._errors.refusal(_refusals(refused))
        if waiting:
            await self._asked(_SYNC)
        progress(0.8, _("Reading the files back"))
        after = await self._there()
        wrong = [entry.path for entry in waiting if not _is_same(entry, after.get(entry.path))]
        if wrong:
            raise RestoreNotVerifiedError(
                _refusals(refused) if refused else _("These differ from the backup: {names}", names=name_list(wrong))
            )
        proven: list[Text] = [_("Written, read back and equal: {count}", count=len(waiting))]
        return await self._used(proven, progress) if waiting else RestoreReport(proven=tuple(proven))

    async def _written(self, waiting: Sequence[PathEntry], progress: Progress) -> dict[str, str]:
        """Put files on the device; return what it says of those that it refuses, by their paths."""
        refused: dict[str, str] = {}
        for number, entry in enumerate(waiting):
            progress(0.1 + 0.7 * number / len(waiting), _("Writing {name}", name=shown(entry.path)))
            touched, self._errors.may_have_changed = self._errors.may_have_changed, True
            try:
                answer = await self._put(entry)
            except DeviceError as error:
                raise RestoreNotVerifiedError(
                    _(
                        "The connection ended while {name} was written: it is as it was, or as in the backup. Written"
                        " before it: {count}. Restore again.",
                        name=shown(entry.path),
                        count=number - len(refused),
                    )
                ) from error
            if answer.status != 0:
                self._errors.may_have_changed = touched
                refused[entry.path] = shown(answer.err) or "–"
        return refused

    async def _used(self, proven: list[Text], progress: Progress) -> RestoreReport:
        if not self._command:
            needs = (_("Restart the programs that use these files, or the device."),)
            return RestoreReport(proven=tuple(proven), needs=needs)
        progress(0.9, _("Running the command after a restore"))
        try:
            answer = await self._asked(f"/bin/sh -c {quoted(self._command)}")
        except CannotConnectError:
            # It may well be what ended the connection.
            needs = (_("The connection ended during the command after a restore. Look whether it did its work."),)
            return RestoreReport(proven=tuple(proven), needs=needs)
        except DeviceError as error:
            return RestoreReport(proven=tuple(proven), needs=(_failed(error.detail or error.happened),))
        if answer.status == 0:
            return RestoreReport(proven=(*proven, _("The command after a restore ended well.")))
        return RestoreReport(proven=tuple(proven), needs=(_failed(shown(answer.err or answer.out)),))

    async def _asked(self, command: str, given: bytes = b"") -> CommandAnswer:
        asking = self._talk.ask_as_root if self._as_root else self._talk.ask
        return await asking(command, given=given, seconds=_SECONDS)

    async def _there(self) -> dict[str, PathEntry]:
        """Return what is at the paths of the backup now."""
        found: dict[str, PathEntry] = {}
        for paths in _batches([entry.path for entry in self._wanted]):
            existing = await self._existing(paths)
            if existing:
                collected = await collect_files(
                    self._talk, existing, (), as_root=self._as_root, limit=self._limit, seconds=_SECONDS
                )
                found |= {entry.path: entry for entry in collected.entries}
        return found

    async def _existing(self, paths: Sequence[str]) -> list[str]:
        """Return those that are files or links; raises RestoreRejectedError for a folder in the place of one."""
        tests = "; ".join(
            f"if [ -L {word} ] || [ -f {word} ]; then echo {number}; elif [ -e {word} ]; then echo -{number}; fi"
            for number, word in enumerate(map(words, paths), start=1)
        )
        answer = await self._asked(f"/bin/sh -c {quoted(tests)}")
        numbers = [int(line) for line in answer.out.split() if _NUMBER.fullmatch(line)]
        blocked = [paths[-number - 1] for number in numbers if -len(paths) <= number < 0]
        if blocked:
            raise RestoreRejectedError(_("Something else is in the place of {names}.", names=name_list(blocked)))
        return [paths[number - 1] for number in numbers if 0 < number <= len(paths)]

    async def _put(self, entry: PathEntry) -> CommandAnswer:
        folders = list(self._missing_folders(entry.path))
        steps = [f"[ -d {words(path)} ] || {{ {' && '.join(made)} ; }}" for path, made in folders]
        steps.append(_of_link(entry) if entry.kind is PathKind.LINK else _of_file(entry))
        command = f"/bin/sh -c {quoted(' && '.join(f'{{ {step} ; }}' for step in steps))}"
        return await self._asked(command, entry.content)

    def _missing_folders(self, path: str) -> Iterator[tuple[str, list[str]]]:
        """Return the folders that lead to a path, each with what makes it."""
        parts = posixpath.dirname(path).split("/")[1:]
        for count in range(1, len(parts) + 1):
            folder = "/" + "/".join(parts[:count])
            made = [words("mkdir", "--", folder)]
            if (known := self._folders.get(folder)) is not None:
                made += [*_owned(known, words(folder)), f"chmod {known.mode:o} {words(folder)}"]
            if folder != "/":
                yield folder, made


def _of_file(entry: PathEntry) -> str:
    """Return what writes a file beside the old one, and takes its place only when all of it is there.

    A link to a folder in that place goes first: the file would end up in the folder.
    """
    name = decoded(encoded(posixpath.basename(entry.path))[:_LONGEST_NAME])
    beside = posixpath.join(posixpath.dirname(entry.path), f".{name}.device-backup")
    temporary, place = words(beside), words(entry.path)
    steps = [
        "umask 077",
        f"rm -f {temporary}",
        "set -C",
        f"cat > {temporary}",
        f'[ "$(wc -c < {temporary})" -eq {len(entry.content)} ]',
        *_owned(entry, temporary),
        f"chmod {entry.mode:o} {temporary}",
        _written_down(temporary),
        f"{{ [ ! -d {place} ] || rm -f {place} ; }}",
        f"mv -f {temporary} {place}",
    ]
    return f"{' && '.join(steps)} || {{ rm -f {temporary}; false; }}"


def _written_down(word: str) -> str:
    """Return what waits until a file is on the disk; some devices can only do that for the whole disk, or not."""
    return f"{{ sync {word} || sync || : ; }} 2>/dev/null"


def _of_link(entry: PathEntry) -> str:
    return words("ln", "-sfn", "--", entry.target, entry.path)


def _owned(entry: PathEntry, word: str) -> list[str]:
    """Return what gives a file to its owner, unless it is already: only root may do that."""
    numbers = f"{entry.uid}:{entry.gid}"
    named = f"{entry.user}:{entry.group}" if entry.user and entry.group else numbers
    now = f'"$(ls -nd {word} | {{ read -r a b c d e; echo "$c:$d"; }})"'
    return [f"{{ [ {now} = {numbers} ] || chown {words(named)} {word} ; }}"]


def _is_same(wanted: PathEntry, there: PathEntry | None) -> bool:
    return there is not None and not list(_differences(wanted, there))


def _differences(wanted: PathEntry, there: PathEntry) -> Iterator[Text]:
    if wanted.kind is not there.kind:
        yield _("A link in the place of a file, or the other way round")
        return
    if wanted.kind is PathKind.LINK:
        if wanted.target != there.target:
            yield _("It leads to {new}, not to {old}", new=shown(wanted.target), old=shown(there.target))
        return
    if len(wanted.content) != len(there.content):
        yield _("Content: {new} bytes in place of {old}", new=len(wanted.content), old=len(there.content))
    elif wanted.content != there.content:
        yield _("Content: another, still {size} bytes", size=len(wanted.content))
    if wanted.mode != there.mode:
        yield _("Rights: {new} in place of {old}", new=f"{wanted.mode:04o}", old=f"{there.mode:04o}")
    if _owner(wanted, there) != _owner(there, wanted):
        yield _("Owner: {new} in place of {old}", new=shown(_owner(wanted, there)), old=shown(_owner(there, wanted)))


def _owner(entry: PathEntry, other: PathEntry) -> str:
    """Return the owner by names where both have some: numbers differ from one installation to the next."""
    names = (entry.user, entry.group, other.user, other.group)
    return f"{entry.user}:{entry.group}" if all(names) else f"{entry.uid}:{entry.gid}"


def _batches(paths: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path in paths:
        cost = 4 * len(words(path)) + 80
        if batch and size + cost > _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += cost
    if batch:
        yield batch


def _risks(paths: Sequence[str], tree: FileTree) -> Iterator[Text]:
    if careful := [path for path in paths if fits(path, tree.careful)]:
        yield _(
            "Wrong ones of these can keep the device from starting, or you from logging in: {names}",
            names=name_list(careful),
        )
    if reach := [path for path in files_of_reach(paths) if path not in careful]:
        yield _(
            "These say how it is in its network and who gets in; it may be found elsewhere afterwards, or not let you"
            " in: {names}",
            names=name_list(reach),
        )


def _failed(words: Text) -> Text:
    return _("The command after a restore failed. Run it yourself: {words}", words=words)


def _refusals(refused: dict[str, str]) -> Text:
    first = next(iter(refused.values()))
    return _("Not written: {names}. The device says: {words}", names=name_list(refused), words=first)
