"""What is known of a device: `device.json`, made anew from the meta files where it is missing or damaged."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ha_device_backup_core.records import DeviceRecord

from .files import MOST_BYTES_OF_META, read_file
from .ids import IDS
from .json_documents import DocumentError, StoreDocument, decode, is_newer
from .names import FolderNames
from .serialization import device_document, stored_backup


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDocument:
    """What is known of a device, its times as they were stored, and the document it was read from or would become."""

    record: DeviceRecord
    document: StoreDocument
    rebuilt: bool = False
    """Whether `device.json` was missing or damaged, and this was made from the meta files."""

    @property
    def newer(self) -> bool:
        """Return whether a newer version wrote it, so that it is left alone."""
        return is_newer(self.document)


def rebuilt_document(root: Path, folder: str, names: FolderNames, damaged: StoreDocument) -> DeviceDocument | None:
    """Return what the meta files in the folder tell of their device, None where they tell of none."""
    record: DeviceRecord | None = None
    confirmed: dict[str, datetime] = {}
    for files in names.with_meta():
        try:
            document = decode(read_file(root / folder / files.meta, MOST_BYTES_OF_META))
            backup = stored_backup(document, path=f"{folder}/{files.artifact}")
        except (DocumentError, FileNotFoundError):
            continue
        if record is None:
            title = document.get("title")
            record = DeviceRecord(key=backup.key, title=title if isinstance(title, str) else backup.device.name)
        if backup.key == record.key and backup.previous is not None:
            confirmed[backup.previous.id] = backup.previous.confirmed
    if record is None:
        return None
    record = replace(record, confirmed=confirmed)
    if is_newer(damaged):
        return DeviceDocument(record=record, document=damaged)
    kept = {name: damaged[name] for name in IDS if name in damaged}
    return DeviceDocument(record=record, document=device_document(record, onto=kept), rebuilt=True)
