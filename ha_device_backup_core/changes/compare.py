"""Compares two backups of a kind: what differs, as far as the handler shows it, and whether it counts; pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler
from ha_device_backup_core.file_forms import FileForm, form_of
from ha_device_backup_core.hiding import distinguishable

from .aligned import ComparedFiles, File, Files, files_of, pairs_of
from .lines import LARGEST_TEXT, line_changes, lines_of
from .members import ARCHIVES, member_changes
from .records import MOST_CHANGES, MOST_FILES, Change, Comparison, FileComparison, FileVersion, SettingChange
from .settings import are_settings, is_json, read_settings, settings_changes, tree_of, without_values

LARGEST_READ = 8 * 1024 * 1024
"""Bytes of a backup; of a larger one the files are compared by their bytes alone."""


def compare(handler: type[DeviceBackupHandler], before: Artifact, after: Artifact) -> Comparison:
    """Return what differs between two valid artifacts, secrets hidden.

    Raises what the handler raises, InvalidArtifactError above all.
    """
    readable = max(len(before.content), len(after.content)) <= LARGEST_READ
    with distinguishable():
        olds, news = (files_of(_view(handler, artifact, readable=readable)) for artifact in (before, after))
    return _Compared.of(olds, news, readable=readable).comparison()


def _view(handler: type[DeviceBackupHandler], artifact: Artifact, *, readable: bool) -> ComparedFiles:
    raw = artifact.files()
    readable = readable and sum(map(len, raw.values())) <= 2 * LARGEST_READ
    return ComparedFiles(
        raw=raw, shown=handler.redact(artifact) if readable else {}, normal=_normal(handler, artifact, readable)
    )


def _normal(handler: type[DeviceBackupHandler], artifact: Artifact, readable: bool) -> Mapping[str, bytes]:  # noqa: FBT001
    """Return the files as they count; of large ones their digests."""
    files = handler.normalize(artifact)
    if readable:
        return files
    return {name: hashlib.sha256(content).digest() for name, content in files.items()}


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two backups whose files are known."""

    pairs: Mapping[str, tuple[File | None, File | None]]
    apart_differs: bool
    hides_all: bool
    """Whether the handler shows nothing of this kind."""

    @classmethod
    def of(cls, olds: Files, news: Files, *, readable: bool) -> "_Compared":
        each = (*olds.files.values(), *news.files.values())
        return cls(
            pairs=pairs_of(olds, news),
            apart_differs=olds.apart != news.apart,
            hides_all=readable and not any(file.shown is not None for file in each),
        )

    def comparison(self) -> Comparison:
        """Return what differs."""
        differing = {path: pair for path, pair in self.pairs.items() if _differs(*pair)}
        files = [self._file(path, *pair) for path, pair in islice(differing.items(), MOST_FILES)]
        return Comparison(
            files=tuple(files),
            unchanged=sum(1 for pair in self.pairs.values() if _is_same_file(*pair)),
            more=len(differing) - len(files),
            counts=any(self._counts(*pair) for pair in differing.values()),
        )

    def _file(self, path: str, old: File | None, new: File | None) -> FileComparison:
        found = FileComparison(
            path=path,
            change=_change(old, new),
            before=_version(old),
            after=_version(new),
            counts=self._counts(old, new),
        )
        return found if old is None or new is None else self._with_details(found, old, new)

    def _counts(self, old: File | None, new: File | None) -> bool:
        normals = [None if file is None else file.normal for file in (old, new)]
        return normals[0] != normals[1] or self.apart_differs

    def _with_details(self, found: FileComparison, old: File, new: File) -> FileComparison:
        if old.shown is not None and new.shown is not None:
            settings = _shown_settings(old, new)
            described = found if settings is None else _with_settings(found, settings)
            if described.settings or (settings is not None and is_json(old.shown)):
                return described
            return _with_lines(found, old, new)
        if old.raw is None or new.raw is None:
            return found
        if form_of(old.raw) in ARCHIVES and form_of(new.raw) in ARCHIVES:
            members, more = _first(member_changes(old.raw, new.raw))
            return replace(found, members=members, more=more)
        settings = _hidden_settings(old, new) if self.hides_all else None
        return found if settings is None else _with_settings(found, settings)


def _differs(old: File | None, new: File | None) -> bool:
    if old is None or new is None:
        return True
    return old.raw != new.raw or (old.raw is None and old.shown != new.shown)


def _is_same_file(old: File | None, new: File | None) -> bool:
    return old is not None and new is not None and old.raw is not None and old.raw == new.raw


def _change(old: File | None, new: File | None) -> Change:
    if old is None:
        return Change.ADDED
    return Change.REMOVED if new is None else Change.CHANGED


def _version(file: File | None) -> FileVersion | None:
    return None if file is None or file.raw is None else FileVersion.of(file.raw)


def _shown_settings(old: File, new: File) -> Iterator[SettingChange] | None:
    olds, news = read_settings(old.shown), read_settings(new.shown)
    if olds is None or news is None or not are_settings(olds, news):
        return None
    raws = [read_settings(file.raw) for file in (old, new)]
    normals = _normals(old, new)
    return settings_changes(tree_of(olds, raws[0], normals[0]), tree_of(news, raws[1], normals[1]))


def _hidden_settings(old: File, new: File) -> Iterator[SettingChange] | None:
    """Return the settings of a kind that shows nothing: where something changed, and no values."""
    olds, news = read_settings(old.raw), read_settings(new.raw)
    if olds is None or news is None or not are_settings(olds, news):
        return None
    normals = _normals(old, new)
    return settings_changes(
        tree_of(without_values(olds), olds, normals[0]),
        tree_of(without_values(news), news, normals[1]),
        only_words=True,
    )


def _normals(old: File, new: File) -> tuple[object, object]:
    olds, news = read_settings(old.normal), read_settings(new.normal)
    return (olds, news) if olds is not None and news is not None and are_settings(olds, news) else (None, None)


def _with_settings(found: FileComparison, changes: Iterator[SettingChange]) -> FileComparison:
    settings, more = _first(changes)
    counting = any(setting.counts for setting in settings) or bool(more)
    if not found.counts:
        settings = tuple(replace(setting, counts=False) for setting in settings)
    elif not counting:
        # What counts has another form than what is shown.
        settings = tuple(replace(setting, counts=True) for setting in settings)
    return replace(found, settings=settings, more=more)


def _with_lines(found: FileComparison, old: File, new: File) -> FileComparison:
    if max(len(old.shown or ""), len(new.shown or "")) > LARGEST_TEXT:
        return found
    texts = [lines_of(file.shown or "", _text(file.raw)) for file in (old, new)]
    lines, more = _first(line_changes(*texts))
    return replace(found, lines=lines, more=more)


def _text(raw: bytes | None) -> str | None:
    if raw is None or len(raw) > LARGEST_TEXT or form_of(raw) in {*ARCHIVES, FileForm.BINARY}:
        return None
    return raw.decode(errors="replace")


def _first[T](changes: Iterable[T]) -> tuple[tuple[T, ...], int]:
    """Return as many as are named, and how many more there are."""
    each = iter(changes)
    first = tuple(islice(each, MOST_CHANGES))
    return first, sum(1 for _ in each)
