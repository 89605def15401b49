"""Times that lie in the future: some clock was wrong, then or now.

What was stored stays: if the present clock is behind, it is right. Until its time has come it is read as the time at
which it was first found to lie ahead, so that a clock which was ahead once makes no device look fresh for years.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ha_device_backup_core.records import DeviceRecord

from .json_documents import DocumentError, StoreDocument, iso, time

AHEAD = "ahead"
"""In `device.json`: what the confirmed times that lay in the future were read as, by id."""


def as_of(now: datetime, record: DeviceRecord, document: Mapping[str, object]) -> DeviceRecord:
    """Return the record with no time after `now`."""
    found = _found(document)
    attempt = record.last_attempt
    return replace(
        record,
        confirmed={
            backup_id: at if at <= now else min(now, found.get(backup_id, now))
            for backup_id, at in record.confirmed.items()
        },
        last_attempt=None if attempt is None else replace(attempt, at=min(attempt.at, now)),
    )


def with_ahead(
    document: StoreDocument, now: datetime, record: DeviceRecord, seen: Mapping[str, datetime] | None = None
) -> StoreDocument:
    """Return the document with a note of each confirmed time that lies ahead; `seen` was confirmed by this clock."""
    found = _found(document) | dict(seen or {})
    ahead = {backup_id: iso(found.get(backup_id, now)) for backup_id, at in record.confirmed.items() if at > now}
    rest = {name: value for name, value in document.items() if name != AHEAD}
    return {**rest, AHEAD: ahead} if ahead else rest


def _found(document: Mapping[str, object]) -> dict[str, datetime]:
    values = document.get(AHEAD)
    found = {}
    for backup_id, value in values.items() if isinstance(values, dict) else ():
        try:
            found[backup_id] = time(value)
        except DocumentError:
            continue
    return found
