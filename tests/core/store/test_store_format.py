"""`docs/store-format.md` names what the documents hold, all of it and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ha_device_backup_core.contract import Note
from ha_device_backup_core.manager.snapshot_records import (
    SnapshotBackup,
    SnapshotDevice,
    SnapshotManifest,
    SnapshotRecord,
)
from ha_device_backup_core.manager.snapshot_records import to_document as snapshots_document
from ha_device_backup_core.records import SCHEMA, Attempt, Outcome, PutBack, UnfinishedRestore
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.identity_change import _MOVES_FROM
from ha_device_backup_core.suspicion import Suspicion
from ha_device_backup_core.text import _

from .helpers import DOUBT, KEY, MISSING, START, Clock, commit, device_json, meta_path, read_json

PAGE = Path(__file__).parents[3] / "docs/store-format.md"
FREE = ("attributes", "confirmed", "values", "text", "detail", "ahead")
"""Objects whose keys are no names of the format."""


def documented(document: str) -> set[str]:
    """Return the keys that the rows about a document name, down from the row of the document itself."""
    rows = re.findall(r"^\| (.*?) \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)
    names = [name for name, _ in rows]
    start = names.index(f"`{document}`")
    keys = set(re.findall("`([a-z0-9_]+)`", rows[start][1]))
    for name, listed in rows[start + 1 :]:
        if " in it" not in name:
            break
        keys |= set(re.findall("`([a-z0-9_]+)`", listed))
    return keys


def keys_in(value: object, *, free: bool = False) -> Iterator[str]:
    """Return every key in the document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not free:
                yield key
            yield from keys_in(inner, free=key in FREE)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


async def test_the_documents_of_a_device(store: BackupStore, clock: Clock) -> None:
    remark = Note(code="by_hand", text="A person has to do that.", needs_person=True, is_remark=True)
    await commit(store, b"first")
    flawed = await commit(store, b"second", missing=(MISSING,), doubts=(DOUBT, replace(remark, is_remark=True)))
    last = await commit(store, b"third", taken_at=clock.advance(hours=1))
    await store.confirm(KEY, last.id, clock.advance(hours=1))
    restore = UnfinishedRestore(
        source=KEY,
        backup_id=last.id,
        safety_backup_id=None,
        begun_at=START,
        awaits_replacement=True,
        files=("config.json",),
    )
    await store.set_unfinished_restore(KEY, "Lamp", restore, put_back=PutBack(source=KEY, backup_id=last.id))
    await store.record_attempt(
        KEY, "Lamp", Attempt(at=clock(), outcome=Outcome.FAILED, detail=_("The store is not open."))
    )
    meta, record = read_json(meta_path(store, flawed)), device_json(store)

    assert set(keys_in(meta)) == documented("….meta.json")
    assert set(keys_in(record)) | {"newest_id", "removed_ids", "ahead", _MOVES_FROM} == documented("device.json")
    assert {"newest_id", "unfinished_restore"} <= set(record)
    assert meta["schema"] == record["schema"] == SCHEMA
    for reason in Suspicion:
        assert f"`{reason.value}`" in PAGE.read_text()


async def test_the_documents_in_the_root(store: BackupStore, root: Path) -> None:
    carried = SnapshotBackup.of(await commit(store))
    device = SnapshotDevice(key=KEY, title="Lamp", newest=carried, recommended=carried)
    manifest = SnapshotManifest(at=START + timedelta(hours=1), devices=(device,))
    await store.write_snapshot(manifest.to_dict, timeout=30)
    await store.write_snapshots(snapshots_document([SnapshotRecord.of(manifest, id="1")]))
    for name in ("device-backups-store.json", "snapshot.json", "snapshots.json"):
        assert set(keys_in(read_json(root / name))) == documented(name)


def test_each_rule_is_stated_once() -> None:
    text = PAGE.read_text()
    assert len(re.findall(r"\*whole\*", text)) == 1
    assert len(re.findall(r"\*recommended\*", text)) == 1
