import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import BackupNotFoundError, StoreError
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    Outcome,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.merging import Merged
from ha_device_backup_core.store.reader import StoreReader

from .helpers import KEY, MISSING, OTHER, START, Clock, commit

HOUR = timedelta(hours=1)


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[BackupStore]:
    store = BackupStore(root, clock=Clock(START + 100 * HOUR))
    await store.open(write=True)
    try:
        yield store
    finally:
        await store.close()


async def made(root: Path, *contents: bytes, hours: int = 1) -> list[Backup]:
    """Make a store with one backup an hour."""
    async with opened(root) as store:
        return [
            await commit(store, content, taken_at=START + (number + hours) * HOUR)
            for number, content in enumerate(contents)
        ]


async def merge(root: Path, source: Path) -> Merged:
    reader = StoreReader(source, Clock(START + 100 * HOUR))
    async with opened(root) as store:
        return await store.merge(reader, KEY, reader.backups(KEY)[::-1])


async def held(root: Path) -> dict[str, bytes]:
    async with opened(root) as store:
        report = await store.verify()
        assert report == VerifyReport(checked=report.checked)
        return {backup.id: (await store.read(KEY, backup.id)).content for backup in await store.backups(KEY)}


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in (root / KEY.folder).iterdir()}


async def test_an_empty_store_becomes_the_same(tmp_path: Path) -> None:
    backups = await made(tmp_path / "source", b"1", b"2", b"3")
    async with opened(tmp_path / "source") as store:
        await store.set_protected(KEY, backups[0].id, True)
        await store.record_attempt(KEY, "Desk lamp", Attempt(at=START, outcome=Outcome.FAILED, error="device"))
    ids = tuple(backup.id for backup in backups)
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(taken=ids)
    source, target = files(tmp_path / "source"), files(tmp_path / "target")
    documents = [json.loads(found.pop(f"{KEY.folder}/device.json")) for found in (source, target)]
    assert documents[0] == documents[1]
    assert source == target


async def test_nothing_is_doubled(tmp_path: Path) -> None:
    backups = await made(tmp_path / "source", b"1", b"2")
    ids = tuple(backup.id for backup in backups)
    await merge(tmp_path / "target", tmp_path / "source")
    before = files(tmp_path / "target")
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(present=ids)
    assert files(tmp_path / "target") == before


async def test_what_is_missing_comes_among_what_is_there(tmp_path: Path) -> None:
    backups = await made(tmp_path / "source", b"1", b"2", b"3")
    async with opened(tmp_path / "target") as store:
        newer = await commit(store, b"new", missing=(MISSING,), taken_at=START + 50 * HOUR)
        await store.set_title(KEY, "Mine")
    await merge(tmp_path / "target", tmp_path / "source")
    assert await held(tmp_path / "target") == {
        newer.id: b"new",
        **{backup.id: content for backup, content in zip(backups[::-1], (b"3", b"2", b"1"), strict=True)},
    }
    async with opened(tmp_path / "target") as store:
        summary, record = await store.summary(KEY), await store.device(KEY)
    assert summary is not None
    assert (summary.newest and summary.newest.id, summary.recommended and summary.recommended.id) == (
        newer.id,
        backups[-1].id,
    )
    assert record is not None
    assert (record.title, set(record.confirmed)) == ("Mine", {newer.id, *(backup.id for backup in backups)})


async def test_another_backup_of_the_same_second_gets_an_id_of_its_own(tmp_path: Path) -> None:
    (theirs,) = await made(tmp_path / "source", b"theirs")
    await made(tmp_path / "target", b"ours")
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(taken=(f"{theirs.id}_2",))
    assert await held(tmp_path / "target") == {theirs.id: b"ours", f"{theirs.id}_2": b"theirs"}
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(present=(f"{theirs.id}_2",))


@pytest.mark.parametrize("damage", ["content", "file", "meta", "no meta"])
async def test_a_damaged_one_is_made_right(damage: str, tmp_path: Path) -> None:
    (backup,) = await made(tmp_path / "source", b"right")
    await merge(tmp_path / "target", tmp_path / "source")
    artifact = tmp_path / "target" / backup.path
    meta = artifact.with_name(f"{artifact.name}.meta.json")
    match damage:
        case "content":
            artifact.write_bytes(b"wrong")
        case "file":
            artifact.unlink()
        case "meta":
            meta.write_bytes(b"{")
        case _:
            meta.unlink()
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(taken=(backup.id,))
    assert await held(tmp_path / "target") == {backup.id: b"right"}


async def test_a_file_whose_meta_file_is_damaged_stays(tmp_path: Path) -> None:
    (backup,) = await made(tmp_path / "source", b"right")
    await made(tmp_path / "target", b"another")
    artifact = tmp_path / "target" / backup.path
    artifact.with_name(f"{artifact.name}.meta.json").write_bytes(b"{")
    assert await merge(tmp_path / "target", tmp_path / "source") == Merged(taken=(f"{backup.id}_2",))
    assert artifact.read_bytes() == b"another"


async def test_ids_that_were_given_there_are_not_given_here(tmp_path: Path) -> None:
    backups = await made(tmp_path / "source", b"1", b"2")
    async with opened(tmp_path / "source") as store:
        await store.delete(KEY, backups[1].id)
    await merge(tmp_path / "target", tmp_path / "source")
    async with opened(tmp_path / "target") as store:
        again = await commit(store, b"3", taken_at=backups[1].taken_at)
    assert again.id == f"{backups[1].id}_2"


async def test_other_devices_and_newer_versions_are_left_alone(tmp_path: Path) -> None:
    await made(tmp_path / "source", b"1")
    reader = StoreReader(tmp_path / "source", Clock())
    async with opened(tmp_path / "target") as store:
        with pytest.raises(BackupNotFoundError):
            await store.merge(reader, OTHER, [])
        (tmp_path / "target" / KEY.folder).write_text("no folder")
        with pytest.raises(StoreError, match="is not a folder"):
            await store.merge(reader, KEY, reader.backups(KEY))
        (tmp_path / "target" / KEY.folder).unlink()
    await made(tmp_path / "target", b"1")
    device = tmp_path / "target" / KEY.folder / "device.json"
    document = json.loads(device.read_text())
    device.write_text(json.dumps(document | {"schema": 99}))
    before = files(tmp_path / "target")
    async with opened(tmp_path / "target") as store:
        with pytest.raises(StoreError, match="newer version"):
            await store.merge(reader, KEY, reader.backups(KEY))
    assert files(tmp_path / "target") == before
    device.write_text(json.dumps(document))
    await merge(tmp_path / "target", tmp_path / "source")
    source = tmp_path / "source" / KEY.folder / "device.json"
    source.write_text(source.read_text().replace('"schema": 1', '"schema": 99'))
    async with opened(tmp_path / "target") as store:
        with pytest.raises(StoreError, match="newer version"):
            await store.merge(reader, KEY, reader.backups(KEY))
