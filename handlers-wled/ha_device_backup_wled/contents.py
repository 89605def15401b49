"""What is in a backup, by the names that the files have on a controller: also in one that a person hands in; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, as_object, encoded, is_junk, name_list

from . import device_files
from .device_files import CONFIGURATION, INFO_RECORD, NAMES_RECORD, PRESETS, RECORD_FOLDER, SIZES_RECORD
from .json_files import parse
from .recognize import holds_configuration, holds_presets, is_answer
from .translation import _

PART = "part"
"""An attribute of an artifact with some files of a backup."""
_BUNDLE = "application/zip"
_OF_A_CONTROLLER = (".json", ".css", ".js", ".htm", ".gz", ".ico", ".gif", ".bmp", ".wbf", ".bin565", ".fseq")
"""What the firmware and its parts use; nothing else of a zip that a person packed goes to a controller."""
_PICTURES = (".png", ".jpg", ".jpeg", ".svg")
"""A page of a controller may show them; else they are photos of a person."""
_PAGES = (".css", ".htm", ".js")
_FIRMWARE = ".bin.gz"
_OF_TOOLS = frozenset(
    f"{name}.json"
    for name in (
        *("manifest", "metadata", "package", "info", "state", "effects"),
        *("palettes", "nodes", "si", "eff", "pal", "net"),
    )
)
_OF_A_COMPUTER = ("readme", "license")


@dataclass(frozen=True, slots=True, kw_only=True)
class WledContents:
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


def contents(artifact: Artifact) -> WledContents:
    """Return what an artifact holds.

    Raises InvalidArtifactError when it cannot be told which of several files is meant.
    """
    return replace(_all(artifact), is_part=PART in artifact.attributes)


def _all(artifact: Artifact) -> WledContents:
    files = artifact.files()
    if artifact.media_type != _BUNDLE:
        return WledContents(files=_single_file(artifact.filename, artifact.content), device_names={})
    for record in (INFO_RECORD, SIZES_RECORD):
        folders = [name.removesuffix(record) for name in files if name == record or name.endswith(f"/{record}")]
        if folders:
            return _fetched(files, _only_folder(files, folders))
    return _imported(files)


def _only_folder(files: Mapping[str, bytes], folders: list[str]) -> str:
    """Return the folder of a backup made here: the outermost; those side by side may be of several controllers."""
    fewest = min(folder.count("/") for folder in folders)
    outermost = sorted(folder for folder in folders if folder.count("/") == fewest)
    main = [f"{folder}{CONFIGURATION}" for folder in outermost]
    if len({files.get(name) for name in main}) > 1:
        raise _several(CONFIGURATION, main)
    return outermost[0]


def _single_file(filename: str, content: bytes) -> dict[str, bytes]:
    name = next((name for name, holds in _MAIN.items() if holds(content)), filename)
    return {name: content}


def _fetched(files: Mapping[str, bytes], folder: str) -> WledContents:
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
    return WledContents(files=kept, device_names=device_names, left_aside=tuple(sorted(aside)))


def _record(files: Mapping[str, bytes], name: str) -> dict[str, object]:
    try:
        return as_object(parse(files.get(name, b"{}")))
    except JsonError:
        return {}


def _imported(files: Mapping[str, bytes]) -> WledContents:
    """Return the files that a person packed: folders mean nothing to a controller, nor do notes and their system's."""
    found: dict[str, bytes] = {}
    origins: dict[str, str] = {}
    aside: set[str] = set()
    for path in sorted(files, key=_rank):
        name = device_files.usual_spelling(path.rpartition("/")[2])
        if _is_of_a_computer(path):
            aside.add(path)
        elif name not in found:
            found[name], origins[name] = files[path], path
        elif _rank(path)[:2] == _rank(origins[name])[:2] and files[path] != found[name] and _is_of_a_controller(name):
            raise _several(name, [origins[name], path])
        else:
            aside.add(path)
    for main, holds in _MAIN.items():
        aside |= {origins[name] for name in _take_copies(found, main, holds)}
    strange = {name for name, content in found.items() if not _is_of_a_controller(name) or _is_of_a_tool(name, content)}
    strange -= {name for name in strange if _is_shown(name, found)}
    aside |= {origins[name] for name in strange}
    kept = {name: content for name, content in found.items() if name not in strange}
    return WledContents(files=kept, device_names={}, left_aside=tuple(sorted(aside)))


def _rank(path: str) -> tuple[int, bool, str]:
    """Return the key that sorts what a person most likely means first: not in a folder, not a copy."""
    name = path.rpartition("/")[2]
    return path.count("/"), device_files.usual_spelling(name) != name.lower(), path


def _several(name: str, paths: Iterable[str]) -> InvalidArtifactError:
    return InvalidArtifactError(
        _(
            "Several files could be the {name}, and they differ: {files}. Leave only one of them in it.",
            name=name,
            files=name_list(paths),
        )
    )


def _take_copies(found: dict[str, bytes], main: str, holds: Callable[[bytes], bool]) -> set[str]:
    """Give the one file that holds what a main file does its name, and take out all others that do."""
    copies = {name: found.pop(name) for name in sorted(found) if _may_be_copy(name) and holds(found[name])}
    if main not in found and copies:
        if len(set(copies.values())) > 1:
            raise _several(main, copies)
        name, found[main] = copies.popitem()
        return copies.keys() - {name}
    return set(copies)


def _may_be_copy(name: str) -> bool:
    return not device_files.is_known(name)


def _is_of_a_computer(path: str) -> bool:
    return is_junk(path) or any(part.startswith((".", *_OF_A_COMPUTER)) for part in path.lower().split("/"))


def _is_of_a_controller(name: str) -> bool:
    return name.lower().endswith(_OF_A_CONTROLLER) and not name.lower().endswith(_FIRMWARE)


def _is_of_a_tool(name: str, content: bytes) -> bool:
    """Return whether this is what a tool wrote beside a backup, or kept of what a controller told of itself."""
    return not device_files.is_known(name) and name.endswith(".json") and (name in _OF_TOOLS or is_answer(content))


def _is_shown(name: str, found: Mapping[str, bytes]) -> bool:
    """Return whether a page or a style among the files shows this picture."""
    return name.lower().endswith(_PICTURES) and any(
        encoded(name) in content for page, content in found.items() if page.endswith(_PAGES)
    )


_MAIN: Mapping[str, Callable[[bytes], bool]] = {CONFIGURATION: holds_configuration, PRESETS: holds_presets}
