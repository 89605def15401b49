"""Whether a new backup looks as if the device had lost its configuration: pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .contract import ASKED, KEPT_EXTENT, Artifact
from .errors import ArtifactError
from .file_forms import FileForm, form_of
from .text import Text, _, joined, shown_name

_SHRUNK_TO = 10
_FEWEST_BYTES = 200
"""A file that was smaller has nothing to lose, or so little that a person may have taken it out."""
_SIGNS_OF_BYTES = 64
"""Fewer bytes may look like text by chance."""
_ONLY_FILE = ""
_MOST_NAMED = 3
"""Files that a text names."""
_PACKED = frozenset({FileForm.ZIP, FileForm.GZIP})
_FILLER = b"\x00\xff"
"""What is in a memory where nothing is."""


class Suspicion(StrEnum):
    """Why a backup is suspect: it is kept, but nothing begins with it before a person said that it is right."""

    FACTORY_STATE = "factory_state"
    """The device was reset: the handler knows its factory state."""
    WORK_GONE = "work_gone"
    """The work of a person was in the backup before, and nobody can tell of any now: a reset keeps some settings."""
    FEWER_FILES = "fewer_files"
    FEWER_BYTES = "fewer_bytes"
    FILE_SHRUNK = "file_shrunk"
    OTHER_FORM = "other_form"
    """What came may be an error, or a page of the device, though it looks whole."""
    UNFINISHED_RESTORE = "unfinished_restore"
    """A restore was begun on the device and did not end well, so nobody knows what it holds."""
    REPLACED = "replaced"
    """The device took the place of another one, and nothing of that one was put on it yet."""
    PARTLY_RESTORED = "partly_restored"
    """A restore ended well, but could not put all settings of the backup on the device."""
    NOT_COMPARED = "not_compared"
    """The good backup before could not be read or understood, so nobody knows; a later comparison decides."""

    @property
    def text(self) -> Text:
        """Return it in people's words."""
        return _TEXTS[self]


_TEXTS: dict[Suspicion, Text] = {
    Suspicion.FACTORY_STATE: _("The device holds its factory settings."),
    Suspicion.WORK_GONE: _("It holds nothing any more that surely was set up by a person."),
    Suspicion.FEWER_FILES: _("More than half of the files of the backup before are gone."),
    Suspicion.FEWER_BYTES: _("It is less than half as large as the backup before."),
    Suspicion.FILE_SHRUNK: _("One of its files has less than a tenth of the size that it has in the backup before."),
    Suspicion.OTHER_FORM: _("A file has another form than in the backup before, such as text in place of JSON."),
    Suspicion.UNFINISHED_RESTORE: _("A restore of the device was not finished before."),
    Suspicion.REPLACED: _("The device took the place of another one, and no backup was put on it before."),
    Suspicion.PARTLY_RESTORED: _("Not all of the backup that was put on the device before is on it."),
    Suspicion.NOT_COMPARED: _(
        "It could not be compared with the recommended backup before, so nobody knows whether the device still holds"
        " its settings."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileExtent:
    """How much a file holds, in which form, and what a person asked for to get it."""

    size: int
    """In bytes that hold something; of what is in it or what it stands for, where it came alone."""
    form: FileForm
    files: int = 1
    """How many it holds or stands for, where it came alone."""
    asked: str | None = None
    """None where nobody knows, as of a file that was handed in."""


_GONE = FileExtent(size=0, form=FileForm.EMPTY, files=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much an artifact holds, and whether that is the work of a person."""

    configured: bool | None
    by_name: Mapping[str, FileExtent]
    asked: Mapping[str, str] = field(default_factory=dict)
    """What a person asked for by name, also of what did not come; empty where nobody knows."""

    @classmethod
    def of(cls, artifact: Artifact, *, configured: bool | None) -> "Extent":
        """Measure an artifact."""
        asked = asked_for(artifact)
        try:
            files = artifact.files()
        except ArtifactError:
            files = {artifact.filename: artifact.content}
        if len(asked) == 1 or len(files) == 1:
            name, word = next(iter(asked.items()), (_ONLY_FILE, None))
            (content,) = files.values() if len(files) == 1 and not asked else (artifact.content,)
            count, size = _kept_elsewhere(artifact) or (len(files), sum(map(_filled, files.values())))
            only = FileExtent(size=size, form=form_of(content), files=count, asked=word)
            return cls(configured=configured, by_name={name: only}, asked=asked)
        by_name = {
            name: FileExtent(size=_filled(content), form=form_of(content), asked=asked.get(name))
            for name, content in files.items()
        }
        return cls(configured=configured, by_name=by_name, asked=asked)


def _filled(content: bytes) -> int:
    """Return how many bytes hold something: a memory that is kept as it is stays as long when it is emptied."""
    return len(content if form_of(content) in _PACKED else content.translate(None, _FILLER))


def _kept_elsewhere(artifact: Artifact) -> tuple[int, int] | None:
    """Return how many files and bytes an artifact stands for, None where it does not tell."""
    try:
        told = json.loads(artifact.attributes.get(KEPT_EXTENT, "{}"))
    except (ValueError, RecursionError):
        return None
    match told:
        case {"files": int(files), "bytes": int(size)}:
            return files, size
        case _:
            return None


def asked_for(artifact: Artifact) -> Mapping[str, str]:
    """Return what a person asked for by the name of the file, nothing where the handler does not tell."""
    try:
        asked = json.loads(artifact.attributes.get(ASKED, "{}"))
    except (ValueError, RecursionError):
        return {}
    return {name: str(word) for name, word in asked.items()} if isinstance(asked, dict) else {}


def suspicion_of(new: Extent, before: Extent | None, *, comparable: bool) -> Suspicion | None:
    """Return why the new backup is suspect beside the recommended one before it.

    `comparable` says that less would be a loss: nothing is missing that is named, and no person chose this state.
    """
    if before is None:
        return None
    if new.configured is False and before.configured is not False:
        return Suspicion.FACTORY_STATE
    if not comparable:
        return None
    is_gone = before.configured is True and new.configured is None
    return _loss(new, before) or (Suspicion.WORK_GONE if is_gone else None)


def files_meant(suspicion: Suspicion | None, new: Extent, before: Extent) -> Text | None:
    """Return in words which files are suspect and what became of them, None where that is said of no file by name."""
    texts: list[Text] = []
    for filename, (now, then) in _pairs(new, before).items():
        name = shown_name(filename, "?")
        if suspicion is Suspicion.FILE_SHRUNK and now is _GONE and _is_shrunk(now, then):
            texts.append(_("The file {name} of {before} bytes is gone.", name=name, before=then.size))
        elif suspicion is Suspicion.FILE_SHRUNK and _is_shrunk(now, then):
            sizes = {"before": then.size, "after": now.size}
            texts.append(_("The file {name} shrank from {before} to {after} bytes.", name=name, **sizes))
        if suspicion is Suspicion.OTHER_FORM and _is_another_form(now, then) and filename != _ONLY_FILE:
            texts.append(
                _("{name} has another form than in the backup before, such as text in place of JSON.", name=name)
            )
    if more := len(texts[_MOST_NAMED:]):
        texts[_MOST_NAMED:] = [_("So it is with more files: {count}.", count=more)]
    return joined(texts, " ") if texts else None


def _pairs(new: Extent, before: Extent) -> Mapping[str, tuple[FileExtent, FileExtent]]:
    """Return the files that are wanted again, by their names today: as they are, and as they were.

    One that may be there under another name is left out: a person may have given it that, or it never had a name.
    """
    wanted = _wanted_again(new, before)
    pairs = {name: (now, wanted[name]) for name, now in new.by_name.items() if name in wanted}
    came = sorted((now for name, now in new.by_name.items() if name not in before.by_name), key=_size, reverse=True)
    lost = {name: then for name, then in wanted.items() if name not in pairs and name != _ONLY_FILE}
    for name, then in sorted(lost.items(), key=lambda item: item[1].size, reverse=True):
        renamed = next((now for now in came if _may_be_renamed(now, then)), None)
        if renamed is None:
            pairs[name] = (_GONE, then)
        else:
            came.remove(renamed)
    return {name: pairs[name] for name in wanted if name in pairs}


def _loss(new: Extent, before: Extent) -> Suspicion | None:
    wanted = _wanted_again(new, before)
    pairs = _pairs(new, before).values()
    if any(_is_another_form(now, then) for now, then in pairs):
        return Suspicion.OTHER_FORM
    if 2 * sum(now.files for now in new.by_name.values()) < sum(then.files for then in wanted.values()):
        return Suspicion.FEWER_FILES
    if 2 * sum(now.size for now in new.by_name.values()) < sum(then.size for then in wanted.values()):
        return Suspicion.FEWER_BYTES
    return Suspicion.FILE_SHRUNK if any(_is_shrunk(now, then) for now, then in pairs) else None


def _wanted_again(new: Extent, before: Extent) -> Mapping[str, FileExtent]:
    """Return the files of the backup before that a person still asks for in the same way, by their names today."""
    if new.asked and before.asked:
        return {name: then for name, then in before.by_name.items() if new.asked.get(name) == then.asked}
    if len(new.by_name) == len(before.by_name) == 1:
        # The name of an only file may be the choice of a person, or hold the time.
        return dict(zip(new.by_name, before.by_name.values(), strict=True))
    return before.by_name


def _is_another_form(now: FileExtent, then: FileExtent) -> bool:
    if FileForm.EMPTY in {now.form, then.form}:
        return False
    by_chance = {now.form, then.form} == {FileForm.TEXT, FileForm.BINARY} and min(now.size, then.size) < _SIGNS_OF_BYTES
    return now.form is not then.form and not by_chance


def _may_be_renamed(now: FileExtent, then: FileExtent) -> bool:
    return not _is_another_form(now, then) and not _is_shrunk(now, then)


def _size(file: FileExtent) -> int:
    return file.size


def _is_shrunk(now: FileExtent, then: FileExtent) -> bool:
    return then.size >= _FEWEST_BYTES and _SHRUNK_TO * now.size <= then.size
