"""Whatever becomes of one document: nothing else is lost, nothing is fatal, and the next backup is stored."""

import asyncio
import copy
import functools
import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager.snapshot_records import records_of
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Outcome, UnfinishedRestore
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE, SNAPSHOTS_FILE
from ha_device_backup_core.store.root import Use, use_of

from .helpers import DOUBT, KEY, MISSING, OTHER, START, Clock, artifact, commit, edit_json

type Files = dict[str, bytes]

NEWEST = f"{KEY.folder}/backup_2025-01-15_14-30-00.zip.meta.json"
DEVICE_JSON = f"{KEY.folder}/device.json"
DOCUMENTS = (DEVICE_JSON, NEWEST, "snapshot.json", SNAPSHOTS_FILE, MARK_FILE)
ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    2,
    2**70,
    1e300,
    float("nan"),
    "",
    "x",
    "\ud800",
    "lamp\udcff",
    "../../etc/passwd",
    "a/b",
    "..",
    "\0",
    "9999-12-31T23:59:59-14:00",
    "0000-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T24:00:00+00:00",
    "2025-02-30T00:00:00+00:00",
    "2025-01-01",
    "9999-12-31_23-59-59",
    "9998-12-31_23-59-59_999999999",
    "2025-01-15_10-30-00_" + "9" * 5000,
    [],
    {},
    [[]],
    {"en": 1},
    ["x"] * 3,
    {"\ud800": "\ud800"},
    json.loads("[" * 500 + "]" * 500),
    {"kind": "wled", "unique_id": "a1b2c3d4e5f6"},
    "x" * 100_000,
)
SPELLINGS: tuple[tuple[bytes, bytes], ...] = (
    (b"{", b"\xef\xbb\xbf{"),
    (b"1", b"1" + b"0" * 5000),
    (b"1", b"1e400"),
    (b"1", b"NaN"),
    (b"1", b"-Infinity"),
    (b"1", b"01"),
    (b":", b":" + b"[" * 5000 + b"]" * 5000 + b',"x":'),
    (b"}", b"}}"),
    (b"}", b"," * 3 + b"}"),
    (b'"', b"'"),
    (b'"', b'"\\u0000'),
    (b'"', b'"\\ud83d'),
    (b"\n", b"\r\n\0"),
    (b"a", b"\xff"),
    (b" ", b" " * 100_000),
)


async def _make(root: Path) -> None:
    clock = Clock()
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    await commit(store, key=OTHER)
    for number, missing in enumerate(((), (), (MISSING,), (), ())):
        doubts = (DOUBT,) if number == 3 else ()
        await commit(store, b"%d" % number, missing=missing, doubts=doubts, taken_at=START + timedelta(hours=number))
        clock.now = START + timedelta(hours=number + 1)
    await store.set_last_before(KEY, "2025-01-15_14-30-00", "0.16")
    await store.confirm(KEY, "2025-01-15_14-30-00", clock.advance(hours=1))
    await store.record_attempt(
        KEY, "Desk lamp", Attempt(at=clock(), outcome=Outcome.FAILED, error="x", detail="y"), blocked="z"
    )
    await store.set_protected(KEY, "2025-01-15_12-30-00", True)
    await store.accept(KEY, "2025-01-15_13-30-00")
    await store.set_before_restore(KEY, "2025-01-15_14-30-00", clock())
    restore = UnfinishedRestore(
        source=KEY,
        backup_id="2025-01-15_14-30-00",
        safety_backup_id="2025-01-15_12-30-00",
        begun_at=clock(),
        files=("config.json",),
    )
    await store.set_unfinished_restore(KEY, "Desk lamp", restore)
    record = {"id": "s1", "name": "Automatic", "at": START.isoformat(), "devices": [{"kind": "wled", "unique_id": "a"}]}
    await store.write_snapshots({"schema": 1, "snapshots": [record]})
    await store.write_snapshot(lambda: {"schema": 1, "devices": []}, timeout=60)
    await store.close()
    edit_json(root / DEVICE_JSON, moves_from="assigned-" + "0" * 32)


@functools.cache
def _files() -> Files:
    """Return what is in a store of two devices."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        asyncio.run(_make(root))
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _places(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield place
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _places(child, (*place, key))


def _changed(content: bytes, place: int, value: object, *, remove: bool) -> bytes:
    """Return the document with another value at one of its places, or without what is there."""
    document = json.loads(content)
    places = list(_places(document))[1:]
    *path, last = places[place % len(places)]
    inner = document
    for key in path:
        inner = inner[key]
    if remove:
        del inner[last]
    else:
        inner[last] = copy.deepcopy(value)
    return json.dumps(document).encode()


def _flipped(content: bytes, bits: list[int]) -> bytes:
    flipped = bytearray(content)
    for bit in bits:
        flipped[bit // 8 % len(flipped)] ^= 1 << bit % 8
    return bytes(flipped)


_DOCUMENT = '{"schema": 1, "unique_id": "a1b2c3d4e5f6"}'
PLACE = st.integers(0, 60)
CHANGES = st.one_of(
    st.tuples(st.just("value"), PLACE, st.sampled_from(ODD_VALUES)),
    st.tuples(st.just("value"), PLACE, st.text(max_size=5) | st.integers() | st.floats() | st.binary().map(repr)),
    st.tuples(st.just("remove"), PLACE, st.none()),
    st.tuples(st.just("bits"), st.just(0), st.lists(st.integers(0, 8 * 2000), min_size=1, max_size=4)),
    st.tuples(st.just("cut"), st.integers(0, 2000), st.booleans()),
    st.tuples(st.just("bytes"), st.just(0), st.binary(max_size=40)),
    st.tuples(st.just("bytes"), st.just(0), st.just(b'{"a":' * 100_000)),
    st.tuples(st.just("twice"), PLACE, st.sampled_from(ODD_VALUES)),
    st.tuples(st.just("spelled"), PLACE, st.sampled_from(SPELLINGS)),
    st.tuples(st.just("bytes"), st.just(0), st.sampled_from(["utf-16", "utf-32-be", "utf-7"]).map(_DOCUMENT.encode)),
)


def _with_key_twice(content: bytes, place: int, value: object) -> bytes:
    keys = list(json.loads(content))
    return content.rstrip()[:-1] + f", {json.dumps(keys[place % len(keys)])}: {json.dumps(value)}}}".encode()


def _spelled(content: bytes, place: int, found: bytes, spelled: bytes) -> bytes:
    """Return the document with one occurrence of a piece spelled otherwise."""
    *before, after = content.split(found, place % (content.count(found) or 1) + 1)
    return found.join(before) + spelled + after


def _odd(content: bytes, change: tuple[str, int, Any]) -> bytes:
    how, where, value = change
    match how:
        case "value" | "remove":
            return _changed(content, where, value, remove=how == "remove")
        case "bits":
            return _flipped(content, value)
        case "twice":
            return _with_key_twice(content, where, value)
        case "spelled":
            return _spelled(content, where, *value)
        case "cut":
            return content[where:] if value else content[:where]
        case _:
            return bytes(value)


def _is_of_newer_version(content: bytes) -> bool:
    try:
        schema = json.loads(content)["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(schema, int) and schema > 1


async def _is_left_alone(root: Path, name: str, content: bytes) -> bool:
    """Return whether the root itself was marked by a newer version for who knows what, and is not written then."""
    if name != MARK_FILE or not _is_of_newer_version(content) or use_of(root) is Use.STORE:
        return False
    with pytest.raises(StoreError, match="written by a newer version"):
        await BackupStore(root).open(write=True)
    return True


async def _check(root: Path, name: str, content: bytes, before: Files) -> None:
    clock = Clock(START + timedelta(days=1))
    store = BackupStore(root, clock=clock)
    for write in (False, True):
        await store.open(write=write)
        assert OTHER in [record.key for record in await store.devices()]
        await store.verify()
        for record in await store.devices():
            await store.summary(record.key)
            await store.last_confirmed(record.key)
            for backup in await store.backups(record.key):
                try:
                    await store.read(record.key, backup.id)
                except StoreError:
                    assert name == NEWEST
        records_of(await store.read_snapshots())
        await store.read_snapshot()
        if not write:
            await store.close()
            store = BackupStore(root, clock=clock)
    for path, stored in before.items():
        if path.endswith(".zip"):
            assert (root / path).read_bytes() == stored
    assert await store.read(OTHER, (await store.backups(OTHER))[0].id) == artifact()
    if name == DEVICE_JSON and _is_of_newer_version(content):
        with pytest.raises(StoreError, match="newer version"):
            await commit(store, b"next", taken_at=clock())
        assert (root / name).read_bytes() == content
    else:
        backup = await commit(store, b"next", taken_at=clock())
        assert (await store.backups(KEY))[0] == backup
        assert await store.read(KEY, backup.id) == artifact(b"next")
        await store.confirm(KEY, backup.id, clock.advance(hours=1))
        await store.prune(KEY, RetentionPolicy(newest=3), now=clock())
        assert (await store.backups(KEY, limit=1))[0].id == backup.id
    if name == SNAPSHOTS_FILE and _is_of_newer_version(content):
        with pytest.raises(StoreError, match="newer version"):
            await store.write_snapshots({"schema": 1, "snapshots": []})
        assert (root / name).read_bytes() == content
    else:
        await store.write_snapshots({"schema": 1, "snapshots": []})
    await store.close()


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(change=("value", 4, "9999-12-31T23:59:59-14:00"))
@example(change=("value", 2, "\ud800"))
@example(change=("twice", 8, "9998-12-31_23-59-59_999999999"))
@given(change=CHANGES)
def test_one_odd_document_stops_nothing(quick_path: Path, name: str, change: tuple[str, int, Any]) -> None:
    files = _files()
    with tempfile.TemporaryDirectory(dir=quick_path) as folder:
        root = Path(folder)
        for path, content in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(content)
        odd = _odd(files[name], change)
        (root / name).write_bytes(odd)
        if not asyncio.run(_is_left_alone(root, name, odd)):
            asyncio.run(_check(root, name, odd, files))
