"""Ids that are never given twice, also those of backups that were deleted."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from .json_documents import StoreDocument
from .names import FolderNames, can_be_followed, id_in_between, id_order, next_id

NEWEST_ID = "newest_id"
"""In `device.json`: the newest id that was ever given."""
REMOVED_IDS = "removed_ids"
"""In `device.json`: ids before that one which are gone and might be given again, because a file from then comes in."""
IDS = (NEWEST_ID, REMOVED_IDS)


def newest_id(names: FolderNames, document: Mapping[str, object]) -> str | None:
    """Return the newest id that was ever given."""
    ids = [] if names.newest_id is None else [names.newest_id]
    remembered = document.get(NEWEST_ID)
    if _is_id(remembered):
        ids.append(str(remembered))
    return max(ids, key=id_order, default=None)


def id_after_all(at: datetime, names: FolderNames, document: Mapping[str, object]) -> str:
    """Return the id of a backup that is newer than all others, if any can be."""
    newest = newest_id(names, document)
    if newest is not None and not can_be_followed(newest):
        return id_among_others(at, names, document)
    return next_id(at, newest)


def id_among_others(at: datetime, names: FolderNames, document: Mapping[str, object]) -> str:
    """Return the id of a backup that was made at that time, though there are newer ones."""
    return id_in_between(at, {*names.ids, *removed_ids(document), *filter(None, [newest_id(names, document)])})


def with_ids(document: StoreDocument, names: FolderNames, removed: Iterable[str] = ()) -> StoreDocument:
    """Return the document with what has to be remembered when these are gone."""
    newest = newest_id(names, document)
    gone = sorted({*removed_ids(document), *removed} - {newest}, key=id_order)
    rest = {name: value for name, value in document.items() if name not in IDS}
    return {**rest, NEWEST_ID: newest} | ({REMOVED_IDS: gone} if gone else {})


def with_ids_of(document: StoreDocument, names: FolderNames, other: Mapping[str, object]) -> StoreDocument:
    """Return the document with what another one, whose backups are all gone, remembers too."""
    newest = newest_id(FolderNames(), other)
    if newest is None:
        return document
    together = max(filter(None, (newest, newest_id(names, document))), key=id_order)
    return with_ids({**document, NEWEST_ID: together}, names, {newest, *removed_ids(other)})


def removed_ids(document: Mapping[str, object]) -> list[str]:
    """Return the ids that are gone and might be given again."""
    values = document.get(REMOVED_IDS)
    return [value for value in values if _is_id(value)] if isinstance(values, list) else []


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(id_order(value))
    except ValueError:
        return False
