"""The backup before a restore, what leads back to it, and why a backup until its end is suspect; pure."""

from ha_device_backup_core.errors import ArtifactError, DeviceBackupError, HandlerCrashedError, StoreError
from ha_device_backup_core.records import Backup, UnfinishedRestore
from ha_device_backup_core.suspicion import Suspicion
from ha_device_backup_core.text import Text, _, joined

_UNTOUCHED: Text = _("Nothing was put on the device.")
_WITHOUT_SAFETY: Text = _("The action Restore can do it without a backup of what the device holds now.")


def left_alone(error: DeviceBackupError) -> DeviceBackupError:
    """Return the error with the words that the device was not touched, and what else there is to do."""
    if isinstance(error, StoreError):
        details: tuple[Text, ...] = (_UNTOUCHED,)
    elif isinstance(error, ArtifactError):
        details = (_UNTOUCHED, _WITHOUT_SAFETY)
    else:
        return error
    return type(error)(joined((*details, *((error.detail,) if error.detail else ())), " "))


def can_go_on(error: DeviceBackupError, before: UnfinishedRestore | None) -> bool:
    """Return whether a half-written device that gives no backup is known as it was before, so that it can be undone."""
    is_spoiled = isinstance(error, ArtifactError | HandlerCrashedError)
    return is_spoiled and before is not None and before.safety_backup_id is not None


def suspicion_by(unfinished: UnfinishedRestore | None) -> Suspicion | None:
    """Return why a backup that is made now is suspect: nobody chose what the device holds."""
    if unfinished is None:
        return None
    return Suspicion.REPLACED if unfinished.awaits_replacement else Suspicion.UNFINISHED_RESTORE


def where_undo_leads(before: UnfinishedRestore | None, safety: Backup | None) -> str | None:
    """Return the backup that leads back to before: where a restore was cut off, to before that one."""
    if before is not None and before.safety_backup_id is not None:
        return before.safety_backup_id
    return None if safety is None else safety.id
