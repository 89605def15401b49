"""What is wrong with a store, in words for people: devices by their names, files by their paths."""

import errno

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError, StoreFullError
from ha_device_backup_core.records import DeviceRecord
from ha_device_backup_core.text import Message, Text, _

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_WORDS: dict[int, Message] = {
    errno.EACCES: _("You are not allowed to read or write there."),
    errno.EPERM: _("You are not allowed to read or write there."),
    errno.EROFS: _("Nothing can be written there: it is mounted to be read only."),
    errno.ENOSPC: _("The disk is full. Free some space."),
    errno.EDQUOT: _("The disk is full. Free some space."),
    errno.EIO: _("The disk reports an error. It may be broken."),
    errno.ENOENT: _("It is not there."),
    errno.ENOTDIR: _("It is not a folder."),
    errno.EISDIR: _("It is a folder."),
    errno.ELOOP: _("It is a symbolic link."),
    errno.EEXIST: _("There is something of that name already."),
    errno.ESTALE: _("The network share is gone. Connect it again."),
    errno.ENOTCONN: _("The network share is gone. Connect it again."),
    errno.EHOSTDOWN: _("The network share is gone. Connect it again."),
    errno.ETIMEDOUT: _("The network share does not answer."),
    errno.ENOLCK: _("This file system has no locks for files. Choose a folder on another one."),
}


def no_backup(record: DeviceRecord | None, backup_id: str) -> BackupNotFoundError:
    """Return the error for a backup that the store does not hold."""
    if record is None:
        return BackupNotFoundError(_("Nothing is stored of this device."))
    return BackupNotFoundError(_("{name} has none with the id {backup_id}.", backup_id=backup_id, name=record.title))


def of_newer(path: str) -> StoreError:
    """Return the error for what a newer version stored, so that it is left alone."""
    return StoreError(_("{path} was written by a newer version. Update Device Backups.", path=path))


def damaged(path: str, why: Text) -> StoreDamagedError:
    """Return the error for a file that is not as it was stored."""
    return StoreDamagedError(at(path, why))


def no_folder(name: str) -> StoreError:
    """Return the error for something else in the place of a folder of the store."""
    return StoreError(_("{name} in the store is not a folder. Move it away.", name=name))


def of_another_device(folder: str, record: DeviceRecord) -> StoreError:
    """Return the error for a folder that bears the name of one device and is of another."""
    return StoreError(
        _(
            "The folder {folder} in the store belongs to another device, {name}. Move it away.",
            folder=folder,
            name=record.title,
        )
    )


def as_store_error(error: OSError) -> StoreError:
    """Return what the failure of a file operation means to a person."""
    path = None if error.filename is None else str(error.filename)
    if error.errno in _NO_ROOM:
        return StoreFullError(path)
    return StoreError(system_words(error) if path is None else at(path, system_words(error)))


def system_words(error: OSError) -> Text:
    """Return what the system says, in the words of people where it is something that happens to them."""
    known = _WORDS.get(error.errno or 0)
    return _("The system says: {words}.", words=str(error.strerror or error)) if known is None else known


def at(path: str, why: Text) -> Message:
    """Return what is wrong at a path."""
    return _("{path}: {why}", path=path, why=why)
