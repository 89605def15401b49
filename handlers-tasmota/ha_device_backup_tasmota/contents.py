"""What is in a backup, whoever zipped it: the dump is known by its content, junk and readmes are left out; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import is_junk, name_list

from . import device_files
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import begins_as_dump
from .translation import _

_DEEPEST = 8
"""Folders around a backup; nobody makes more of them."""
_OWN_FOLDERS = {device_files.FILES_FOLDER, STATUS_RECORD.partition("/")[0]}


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class TasmotaContents:
    """The parts of a backup."""

    name: str
    """Of the dump in the artifact, for people."""
    dump: bytes
    record: bytes | None
    """What the device said about itself; a file of the device's own page has none."""
    files: Mapping[str, bytes]
    """Of the device's file system, by their paths on it."""


def contents_of(artifact: Artifact) -> TasmotaContents:
    """Return the parts; raise InvalidArtifactError where there is no dump, or where there are several."""
    files = without_junk(artifact.files())
    name = CONFIGURATION if {CONFIGURATION, STATUS_RECORD} <= files.keys() else _find_dump(files)
    return TasmotaContents(
        name=name,
        dump=files[name],
        record=files.get(STATUS_RECORD),
        files=device_files.device_paths(files),
    )


def without_junk(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files without what desktop computers add: their own files, and a folder around all."""
    return _out_of_folder({name: content for name, content in files.items() if not is_junk(name)})


def _out_of_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    around = 0
    first = next(iter(files), "").split("/")[:-1][:_DEEPEST]
    for depth in range(1, len(first) + 1):
        folder = "/".join(first[:depth]) + "/"
        if first[depth - 1] in _OWN_FOLDERS or not all(name.startswith(folder) for name in files):
            break
        around = len(folder)
    return {name[around:]: content for name, content in files.items()}


def _find_dump(files: Mapping[str, bytes]) -> str:
    """Return the name of the dump: the outermost, since people keep older ones in folders."""
    at_hand = {name: content for name, content in files.items() if name != STATUS_RECORD and not _is_file(name)}
    dumps = [name for name, content in at_hand.items() if begins_as_dump(content)]
    fewest = min((name.count("/") for name in dumps), default=0)
    found = [name for name in dumps if name.count("/") == fewest]
    if len({(files[name], files.get(f"{name.rpartition('/')[0]}/{STATUS_RECORD}")) for name in found}) > 1:
        raise InvalidArtifactError(
            _("It holds more than one .dmp file: {files}. Hand in each at the device it is of.", files=name_list(found))
        )
    # What is none is named by its reason, so what should have been one is taken.
    named = found or [name for name in at_hand if device_files.is_dump_name(name)] or list(at_hand)
    if not found and len(named) != 1:
        raise InvalidArtifactError(_("{name} is not in it.", name=CONFIGURATION))
    return CONFIGURATION if CONFIGURATION in named else min(named)


def _is_file(name: str) -> bool:
    return name.startswith(f"{device_files.FILES_FOLDER}/")
