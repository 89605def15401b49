"""What is in a backup, by the names that the files have on a controller: also in one that a person hands in; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, as_object, name_list

from . import device_files
from .device_files import CONFIGURATION, INFO_RECORD, NAMES_RECORD, PRESETS, RECORD_FOLDER, SIZES_RECORD
from .json_files import parse
from .recognize import holds_configuration, holds_presets
from .translation import _

PART = "part"
"""An attribute of an artifact with some files of a backup."""
_BUNDLE = "application/zip"
_OF_A_CONTROLLER = (
    *(".json", ".css", ".js", ".htm", ".html", ".gz", ".ico", ".gif", ".bmp", ".png", ".jpg", ".jpeg", ".svg"),
    *(".wbf", ".bin565", ".fseq"),
)
"""What the firmware and its parts use; nothing else of a zip that a person packed goes to a controller."""
_FIRMWARE = ".bin.gz"
_OF_A_COMPUTER = ("thumbs.db", "desktop.ini", "readme", "license", "__macosx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The files of a controller, and the records about it."""

    files: Mapping[str, bytes]
    """By the names under which they are kept, records included."""
    device_names: Mapping[str, str]
    """The names on the device that differ from those."""
    left_aside: tuple[str, ...] = ()
    """What is no file of a controller."""
    is_part: bool = False
    """Whether a person chose these files, so that nothing is said of the others."""

    @property
    def is_fetched(self) -> bool:
        """Whether it was made here, not by a person."""
        return INFO_RECORD in self.files or SIZES_RECORD in self.files


def contents(artifact: Artifact) -> Contents:
    """Return what an artifact holds.

    Raises InvalidArtifactError when it cannot be told which of several files is meant.
    """
    return replace(_all(artifact), is_part=PART in artifact.attributes)


def _all(artifact: Artifact) -> Contents:
    files = artifact.files()
    if artifact.media_type != _BUNDLE:
        return Contents(files=_alone(artifact.filename, artifact.content), device_names={})
    for record in (INFO_RECORD, SIZES_RECORD):
        for name in sorted(files, key=len):
            if name == record or name.endswith(f"/{record}"):
                return _fetched(files, name.removesuffix(record))
    return _handed_in(files)


def _alone(filename: str, content: bytes) -> dict[str, bytes]:
    if filename not in {CONFIGURATION, PRESETS}:
        for name, holds in _MAIN.items():
            if holds(content):
                return {name: content}
    return {filename: content}


def _fetched(files: Mapping[str, bytes], folder: str) -> Contents:
    """Return a backup made here, out of the folder into which a person may have unpacked it."""
    inside = {name.removeprefix(folder): content for name, content in files.items() if name.startswith(folder)}
    sizes = _record(inside, SIZES_RECORD)
    wanted = inside.keys() if SIZES_RECORD not in inside or not sizes else sizes.keys()
    kept = {name: data for name, data in inside.items() if name in wanted or name.startswith(f"{RECORD_FOLDER}/")}
    device_names = {
        name: found
        for name, written in _record(inside, NAMES_RECORD).items()
        if name in kept and isinstance(written, str) and (found := device_files.device_name(written)) is not None
    }
    aside = {name for name in files if name.removeprefix(folder) not in kept}
    return Contents(files=kept, device_names=device_names, left_aside=tuple(sorted(aside)))


def _record(files: Mapping[str, bytes], name: str) -> dict[str, object]:
    try:
        return as_object(parse(files.get(name, b"{}")))
    except JsonError:
        return {}


def _handed_in(files: Mapping[str, bytes]) -> Contents:
    """Return the files that a person packed: folders mean nothing to a controller, nor do notes and their system's."""
    found: dict[str, bytes] = {}
    aside: set[str] = set()
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        name = path.rpartition("/")[2]
        if _is_of_a_controller(path) and name not in found:
            found[name] = files[path]
        else:
            aside.add(path)
    for main, holds in _MAIN.items():
        aside |= _take_copies(found, main, holds)
    return Contents(files=found, device_names={}, left_aside=tuple(sorted(aside)))


def _take_copies(found: dict[str, bytes], main: str, holds: Callable[[bytes], bool]) -> set[str]:
    """Give the one file that holds what a main file does its name, and take out all others that do."""
    copies = {name: found.pop(name) for name in sorted(found) if _may_be_copy(name) and holds(found[name])}
    if main not in found and copies:
        if len(set(copies.values())) > 1:
            raise InvalidArtifactError(
                _(
                    "Several files could be the {name}, and they differ: {files}. Leave only one of them in it.",
                    name=main,
                    files=name_list(copies),
                )
            )
        name, found[main] = copies.popitem()
        return copies.keys() - {name}
    return set(copies)


def _may_be_copy(name: str) -> bool:
    return name.endswith(".json") and not device_files.is_known(name)


def _is_of_a_controller(path: str) -> bool:
    parts = path.lower().split("/")
    junk = any(part.startswith((".", *_OF_A_COMPUTER)) for part in parts)
    return not junk and parts[-1].endswith(_OF_A_CONTROLLER) and not parts[-1].endswith(_FIRMWARE)


_MAIN: Mapping[str, Callable[[bytes], bool]] = {CONFIGURATION: holds_configuration, PRESETS: holds_presets}
