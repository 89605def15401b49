"""Which folder may be written: one that carries the mark of a store, or that holds nothing yet; blocking."""

import os
from enum import StrEnum
from pathlib import Path

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.records import SCHEMA
from ha_device_backup_core.text import Text, _

from .atomic_files import AtomicFiles
from .files import MOST_BYTES_OF_DOCUMENT, read_file, require_not_newer
from .gate import Gate
from .json_documents import DocumentError, StoreDocument, decode, encode
from .names import (
    DEVICE_FILE,
    KINDS_FOLDER,
    LOCK_FILE,
    MARK_FILE,
    ROOT_FILES,
    is_device_folder,
    is_of_device,
    name_of_temporary,
)
from .serialization import device_record
from .store_errors import as_store_error, at, system_words

_OF_THE_SYSTEM = frozenset({"lost+found", "System Volume Information", ".DS_Store", "@eaDir", "#recycle"})
"""What a file system or a network share has in a folder that is empty for everybody else."""


class Use(StrEnum):
    """What a marked folder is."""

    STORE = "store"
    SECOND_COPY = "second_copy"


def mark_document(use: Use) -> StoreDocument:
    """Return what the mark holds; that it is there at all is what counts."""
    return {"schema": SCHEMA, "use": use.value}


def use_of(folder: Path) -> Use | None:
    """Return what the mark in the folder says, None where it is missing or cannot be read."""
    try:
        return Use(decode(read_file(folder / MARK_FILE, MOST_BYTES_OF_DOCUMENT))["use"])
    except (FileNotFoundError, DocumentError, KeyError, ValueError):
        return None


def is_marked(folder: Path) -> bool:
    """Return whether the folder carries the mark, a damaged one too; a symbolic link is none."""
    return (folder / MARK_FILE).is_file(follow_symlinks=False)


def require_writable(root: Path) -> None:
    """Raise StoreError for a folder that is neither new nor empty nor a store."""
    if not root.exists():
        if root.is_symlink():
            raise StoreError(_leads_nowhere(root))
        return
    if use_of(root) is not Use.STORE:
        require_not_newer(root / MARK_FILE)
    if not (is_marked(root) or not _contents(root) or _lost_its_mark(root)):
        raise StoreError(_not_a_store(root))


def require_store_to_fill(root: Path) -> None:
    """Raise StoreError for a folder that is neither new nor empty nor a store; a second copy of one is none."""
    require_writable(root)
    if use_of(root) is Use.SECOND_COPY:
        raise StoreError(
            _("{root} is the second copy of a store. Choose a new folder or an empty one.", root=str(root))
        )


def require_readable(root: Path) -> None:
    """Raise StoreError for a folder in which nothing of a store is, so that no wrong path looks like an empty store."""
    if not root.exists():
        return
    contents = _contents(root)
    if contents and not is_marked(root) and not any(holds_device(root, name) for name in contents):
        raise StoreError(_nothing_here(root))


def require_place_for_copy(folder: Path) -> None:
    """Raise StoreError unless the folder is there, and is empty or already holds a second copy."""
    if not folder.is_dir():
        raise StoreError(_missing(folder))
    try:
        _require_no_other_use(folder)
    except OSError as error:
        raise as_store_error(error) from error


def try_place_for_copy(folder: Path) -> None:
    """Raise StoreError unless a second copy can be written there: a file is, and taken away again."""
    require_place_for_copy(folder)
    files = AtomicFiles(Gate())
    try:
        files.remove(files.write_temporary(folder / MARK_FILE, encode(mark_document(Use.SECOND_COPY))))
    except OSError as error:
        raise StoreError(at(str(folder), system_words(error))) from error


def _require_no_other_use(folder: Path) -> None:
    if is_marked(folder):
        if use_of(folder) is Use.STORE:
            raise StoreError(_another_store(folder))
        if use_of(folder) is None:
            require_not_newer(folder / MARK_FILE)
    elif _contents(folder):
        raise StoreError(_no_place_for_copy(folder))


def _names(folder: Path) -> list[str]:
    return os.listdir(folder)  # noqa: PTH208 - names alone


def _contents(folder: Path) -> list[str]:
    """Return the names of what is in the folder, without what every store has and what the system puts there."""
    return [name for name in _names(folder) if name not in _OF_THE_SYSTEM and not _is_of_root(folder, name)]


def _is_of_root(folder: Path, name: str) -> bool:
    """Return whether the store made a file: others have such names, too."""
    path = folder / name
    if not path.is_file(follow_symlinks=False):
        return False
    if name == LOCK_FILE:
        return path.stat().st_size == 0
    if name not in ROOT_FILES:
        return name_of_temporary(name) == MARK_FILE
    try:
        return "schema" in decode(read_file(path, MOST_BYTES_OF_DOCUMENT))
    except (FileNotFoundError, DocumentError):
        return False


def _lost_its_mark(root: Path) -> bool:
    """Return whether all is as in a store, down to the device that a folder names, but for the mark."""
    own = {KINDS_FOLDER, *ROOT_FILES}
    contents = [name for name in _contents(root) if not {name, name_of_temporary(name)} & own]
    return all(_looks_like_device(root, name) for name in contents) and any(
        holds_device(root, name) for name in contents
    )


def _looks_like_device(root: Path, name: str) -> bool:
    """Return whether nothing but what the store keeps of a device is in the folder."""
    folder = root / name
    if not is_device_folder(name) or folder.is_symlink() or not folder.is_dir():
        return False
    names = _names(folder)
    return bool(names) and all(is_of_device(inside) for inside in names)


def holds_device(root: Path, name: str) -> bool:
    """Return whether the folder of that name is the one of the device that it names."""
    if not is_device_folder(name) or (root / name).is_symlink():
        return False
    try:
        content = read_file(root / name / DEVICE_FILE, MOST_BYTES_OF_DOCUMENT)
        return device_record(decode(content)).key.folder == name
    except (FileNotFoundError, NotADirectoryError, DocumentError):
        return False


def _not_a_store(root: Path) -> Text:
    return _(
        "{root} holds other things and is no store of backups, so it was left alone. Choose a new"
        " folder or an empty one.",
        root=str(root),
    )


def _nothing_here(root: Path) -> Text:
    return _(
        "{root} is no store of backups. Choose the folder in which the folders of the devices are.", root=str(root)
    )


def _leads_nowhere(root: Path) -> Text:
    return _(
        "{root} is a symbolic link that leads nowhere. Choose another folder, or mount what it leads to.",
        root=str(root),
    )


def _missing(folder: Path) -> Text:
    return _("The folder for the second copy, {folder}, is not there.", folder=str(folder))


def _no_place_for_copy(folder: Path) -> Text:
    return _(
        "{folder} holds other things, so no second copy is kept there. Make an empty folder in it and choose that one.",
        folder=str(folder),
    )


def _another_store(folder: Path) -> Text:
    return _(
        "{folder} is a store of backups itself, so no second copy is kept there. Choose an empty folder.",
        folder=str(folder),
    )
