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

from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.manager.snapshot_records import records_of
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Attempt,
    DamageKind,
    DeviceKey,
    NewBackup,
    Outcome,
    Trigger,
    UnfinishedRestore,
    VerifyReport,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE, SNAPSHOTS_FILE
from ha_device_backup_core.store.root import Use, use_of

from .helpers import DOUBT, HANDLER, KEY, MISSING, OTHER, START, Clock, artifact, commit, edit_json, fetched, newer

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
        source=KEY, backup_id="2025-01-15_14-30-00", safety_backup_id="2025-01-15_12-30-00", begun_at=clock()
    )
    await store.set_unfinished_restore(KEY, "Desk lamp", restore)
    record = {"id": "s1", "name": "Automatic", "at": START.isoformat(), "devices": [{"kind": "wled", "unique_id": "a"}]}
    await store.write_snapshots({"schema": 1, "snapshots": [record]})
    await store.write_snapshot(lambda: {"schema": 1, "devices": []}, timeout=60)
    await store.close()
    edit_json(root / DEVICE_JSON, adopts="assigned-" + "0" * 32)


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
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@pytest.mark.parametrize(
    "damage",
    [
        {"filename": ""},
        {"filename": "a/b"},
        {"filename": ".."},
        {"filename": 7},
        {"size": -1},
        {"size": 2**64},
    ],
)
async def test_a_meta_that_no_artifact_can_come_of_is_damage(store: BackupStore, damage: dict[str, object]) -> None:
    backup = await commit(store)
    path = store.root / f"{backup.path}.meta.json"
    stored = json.loads(path.read_bytes())["artifact"]
    edit_json(path, artifact=stored | damage)
    report = await store.verify()
    assert [(problem.path, problem.kind) for problem in report.problems] == [
        (f"{backup.path}.meta.json", DamageKind.META_UNREADABLE)
    ]
    with pytest.raises(StoreDamagedError):
        await store.read(KEY, backup.id)
    assert (await commit(store, b"next")).id > backup.id
    edit_json(path, artifact=stored)
    assert await store.read(KEY, backup.id) == artifact()


@pytest.mark.parametrize("unique_id", ["\ud800", 7, None, "a1b2c3d4e5f7"])
async def test_a_device_whose_id_was_spoiled(store: BackupStore, root: Path, unique_id: object) -> None:
    await commit(store, key=OTHER)
    backup = await commit(store)
    await store.close()
    document = json.loads((root / KEY.folder / "device.json").read_bytes())
    (root / KEY.folder / "device.json").write_text(json.dumps(document | {"unique_id": unique_id}))
    reader = BackupStore(root)
    await reader.open(write=False)
    damaged = [(problem.path, problem.kind) for problem in (await reader.verify()).problems]
    assert damaged == [(f"{KEY.folder}/device.json", DamageKind.DEVICE_UNREADABLE)]
    await reader.close()
    again = BackupStore(root)
    await again.open(write=True)
    assert await again.verify() == VerifyReport(checked=2)
    assert {record.key for record in await again.devices()} == {KEY, OTHER}
    assert await again.read(KEY, backup.id) == artifact()
    await again.close()


@pytest.mark.parametrize("extra", [{}, {"title": 7, "confirmed": "as it is kept there"}, {"unique_id": ["another"]}])
async def test_what_a_newer_version_wrote_is_left_alone(
    store: BackupStore, root: Path, extra: dict[str, object]
) -> None:
    backup = await commit(store)
    await store.close()
    path = root / KEY.folder / "device.json"
    edit_json(path, schema=2, **extra)
    (root / KEY.folder / ".backup_2025-01-16_00-00-00.zip.tmp").write_text("of the newer version")
    before = {path: path.read_bytes() for path in (root / KEY.folder).iterdir()}
    again = BackupStore(root)
    await again.open(write=True)
    for change in (
        commit(again, b"more"),
        again.confirm(KEY, backup.id, START),
        again.record_attempt(KEY, "Lamp", Attempt(at=START, outcome=Outcome.FAILED)),
        again.delete(KEY, backup.id),
    ):
        with pytest.raises(StoreError, match="written by a newer version"):
            await change
    assert {path: path.read_bytes() for path in (root / KEY.folder).iterdir()} == before
    assert await again.read(KEY, backup.id) == artifact()
    assert await again.verify() == VerifyReport(checked=1, problems=(newer(f"{KEY.folder}/device.json"),))
    edit_json(path, schema=1, title="Lamp", confirmed={}, unique_id=KEY.unique_id)
    assert (await commit(again, b"more")).id > backup.id
    await again.close()


async def test_a_newer_device_json_that_nothing_can_be_told_of(store: BackupStore, root: Path) -> None:
    path = root / KEY.folder / "device.json"
    path.parent.mkdir()
    path.write_text('{"schema": 2}')
    with pytest.raises(StoreError, match="written by a newer version"):
        await commit(store)
    assert path.read_text() == '{"schema": 2}'
    assert (await store.verify()).problems == (newer(f"{KEY.folder}/device.json"),)
    path.unlink()
    await commit(store)


@pytest.mark.parametrize("name", ["device.json", "backup_2025-01-15_10-30-00.zip.meta.json"])
async def test_a_document_of_a_gigabyte_is_not_read(store: BackupStore, root: Path, name: str) -> None:
    backup = await commit(store)
    with (root / KEY.folder / name).open("r+b") as file:
        file.truncate(2**30)
    report = await store.verify()
    assert [problem.path for problem in report.problems] == [f"{KEY.folder}/{name}"]
    newest = await commit(store, b"next")
    assert await store.read(KEY, newest.id) == artifact(b"next")
    assert newest.id > backup.id


async def test_an_artifact_of_a_gigabyte_is_not_read(store: BackupStore, root: Path) -> None:
    backup = await commit(store)
    with (root / backup.path).open("r+b") as file:
        file.truncate(2**30)
    assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.ARTIFACT_CHANGED]
    with pytest.raises(StoreDamagedError, match="too large"):
        await store.read(KEY, backup.id)


async def test_more_notes_than_can_be_read_again_are_refused(store: BackupStore) -> None:
    noted = artifact(missing=tuple(type(MISSING)(code=f"c{n}", text="x" * 1000) for n in range(5000)))
    with pytest.raises(StoreError, match="more to tell"):
        await store.commit(
            NewBackup(key=KEY, title="Lamp", fetched=fetched(noted), handler=HANDLER, trigger=Trigger.MANUAL)
        )
    assert await store.backups(KEY) == []
    await commit(store)
    assert (await store.verify()).problems == ()


async def test_ids_that_no_clock_gave_are_not_followed(store: BackupStore, root: Path) -> None:
    backup = await commit(store)
    for name in (
        "backup_9999-12-31_23-59-59.zip",
        "backup_2025-13-01_00-00-00.zip",
        "backup_２０３１-01-01_00-00-00.zip",
        "backup_2031-01-01_00-00-00_9999999999.zip",
    ):
        (root / KEY.folder / name).write_text("mine")
    assert (await commit(store, b"next")).id == f"{backup.id}_2"
    assert (await store.verify()).problems == ()


@pytest.mark.parametrize("stamp", ["2025-01-15_10-30-00", "9998-12-31_23-59-59"])
async def test_an_id_that_none_comes_after_hides_no_backup(store: BackupStore, root: Path, stamp: str) -> None:
    await commit(store)
    edit_json(root / DEVICE_JSON, newest_id=f"{stamp}_999999999")
    stored = [(await commit(store, content)).id for content in (b"next", b"after", b"last")]
    assert [backup.id for backup in await store.backups(KEY)][:3] == stored[::-1]
    assert (await store.verify()).problems == ()


def test_a_key_of_any_text_has_a_folder() -> None:
    assert DeviceKey("wled", "\ud800").folder.startswith("wled--")
