"""A story of a store, told event by event, and what must be true at any point of it."""

import hashlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Backup, DeviceKey, Outcome, Trigger, UnfinishedRestore
from ha_device_backup_core.store import BackupStore, atomic_files

from ..helpers import KEY, MISSING, OTHER, START, commit, tree

type Event = dict[str, str]
type Tell = Callable[[Event], None]
"""Called after a change is done, and before anything is deleted."""
type Step = Callable[[datetime], Awaitable[object]]

POLICY = RetentionPolicy(newest=2, monthly=0)
KEYS = {str(key): key for key in (KEY, OTHER)}


@dataclass
class Promises:
    """What the store has promised by the events that were told."""

    contents: dict[tuple[str, str], str] = field(default_factory=dict)
    protected: set[tuple[str, str]] = field(default_factory=set)
    confirmed: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    undoes: set[tuple[str, str]] = field(default_factory=set)
    unfinished: dict[str, str] = field(default_factory=dict)
    """The backup that a restore was begun with; empty where it ended, nothing while nobody can know."""

    @classmethod
    def of(cls, events: Sequence[Event]) -> "Promises":
        """Return what all the events together promise."""
        promises = cls()
        for event in events:
            promises._add(event)
        return promises

    def _add(self, event: Event) -> None:
        at = (event["key"], event.get("id", ""))
        match event["event"]:
            case "committed":
                self.contents[at] = event["sha256"]
            case "doomed":
                self.contents.pop(at, None)
                self.protected.discard(at)
                self.confirmed.pop(at, None)
                self.accepted.discard(at)
                self.undoes.discard(at)
            case "protected":
                self.protected.add(at)
            case "confirmed":
                self.confirmed[at] = event["at"]
            case "accepted":
                self.accepted.add(at)
            case "before restore":
                self.undoes.add(at)
            case "restoring" | "restored":
                self.unfinished[event["key"]] = at[1]
            case "unsure":
                self.unfinished.pop(event["key"], None)
            case "titled":
                self.titles[event["key"]] = event["title"]


class Teller:
    """Changes a store and tells what was done."""

    def __init__(self, store: BackupStore, tell: Tell) -> None:
        """Take the store, open for writing."""
        self._store = store
        self._tell = tell

    async def commit(self, key: DeviceKey, content: bytes, *, at: datetime, whole: bool = True) -> Backup:
        backup = await commit(self._store, content, key=key, missing=() if whole else (MISSING,), taken_at=at)
        self._event("committed", key, id=backup.id, sha256=hashlib.sha256(content).hexdigest())
        return backup

    async def confirm(self, key: DeviceKey, backup_id: str, at: datetime) -> None:
        await self._store.confirm(key, backup_id, at)
        self._event("confirmed", key, id=backup_id, at=at.isoformat())

    async def protect(self, key: DeviceKey, backup_id: str) -> None:
        await self._store.set_protected(key, backup_id, True)
        self._event("protected", key, id=backup_id)

    async def import_file(self, key: DeviceKey, content: bytes, *, at: datetime) -> None:
        """Keep a file that is older than what is there."""
        backup = await commit(self._store, content, key=key, taken_at=at, trigger=Trigger.IMPORTED)
        self._event("committed", key, id=backup.id, sha256=hashlib.sha256(content).hexdigest())

    async def accept(self, key: DeviceKey, backup_id: str) -> None:
        await self._store.accept(key, backup_id)
        self._event("accepted", key, id=backup_id)

    async def begin_restore(self, key: DeviceKey, backup_id: str, at: datetime) -> None:
        await self._store.set_before_restore(key, backup_id, at)
        self._event("before restore", key, id=backup_id)
        restore = UnfinishedRestore(source=key, backup_id=backup_id, safety_backup_id=backup_id, begun_at=at)
        self._event("unsure", key)
        await self._store.set_unfinished_restore(key, "New title", restore)
        self._event("restoring", key, id=backup_id)

    async def end_restore(self, key: DeviceKey) -> None:
        self._event("unsure", key)
        await self._store.set_unfinished_restore(key, "New title", None)
        self._event("restored", key)

    async def delete(self, key: DeviceKey, backup_id: str) -> None:
        self._event("doomed", key, id=backup_id)
        await self._store.delete(key, backup_id)

    async def prune(self, key: DeviceKey, now: datetime) -> None:
        backups = await self._store.backups(key)
        whole = [backup.id for backup in backups if backup.whole]
        for backup in backups[POLICY.newest :]:
            if not backup.protected and backup.id != whole[0]:
                self._event("doomed", key, id=backup.id)
        await self._store.prune(key, POLICY, now=now)

    async def title(self, key: DeviceKey, title: str) -> None:
        await self._store.set_title(key, title)
        self._event("titled", key, title=title)

    def _event(self, name: str, key: DeviceKey, **values: str) -> None:
        self._tell({"event": name, "key": str(key), **values})


async def short_story(
    store: BackupStore,
    tell: Tell,
    *,
    go_on: bool = False,
    begin: int = 0,
    stop: int | None = None,
    end: Callable[[int], object] = lambda _: None,
) -> list[Exception]:
    """Do everything once, or some steps of it; after an error go on with the rest, or not."""
    errors: list[Exception] = []
    for number, step in islice(enumerate(_short_steps(store, Teller(store, tell))), begin, stop):
        try:
            await step(START + timedelta(minutes=number))
        except (StoreError, IndexError) as error:
            if not go_on:
                raise
            errors.append(error)
        end(number)
    return errors


def _short_steps(store: BackupStore, teller: Teller) -> tuple[Step, ...]:
    async def newest(key: DeviceKey) -> str:
        return (await store.backups(key, limit=1))[0].id

    async def fail(at: datetime) -> None:
        await store.record_attempt(OTHER, "Box", Attempt(at=at, outcome=Outcome.FAILED), blocked="x")

    async def confirm(at: datetime) -> None:
        await teller.confirm(KEY, await newest(KEY), at)

    async def protect(_: datetime) -> None:
        await teller.protect(KEY, await newest(KEY))

    async def delete(_: datetime) -> None:
        await teller.delete(OTHER, await newest(OTHER))

    async def accept(_: datetime) -> None:
        await teller.accept(KEY, await newest(KEY))

    async def begin_restore(at: datetime) -> None:
        await teller.begin_restore(KEY, await newest(KEY), at)

    async def mark(_: datetime) -> None:
        await store.set_last_before(KEY, await newest(KEY), "16.0")

    return (
        lambda at: teller.commit(KEY, b"one", at=at),
        fail,
        lambda at: teller.commit(OTHER, b"other", at=at),
        confirm,
        protect,
        lambda at: teller.commit(KEY, b"two" * atomic_files._CHUNK, at=at),
        lambda at: teller.commit(KEY, b"incomplete", at=at, whole=False),
        accept,
        begin_restore,
        lambda _: teller.import_file(KEY, b"from the computer", at=START + timedelta(seconds=30)),
        mark,
        lambda _: store.write_snapshot(lambda: {"devices": {}}, timeout=60),
        lambda at: teller.commit(KEY, b"three", at=at),
        lambda at: teller.commit(KEY, b"four", at=at),
        lambda at: teller.prune(KEY, at),
        lambda _: store.write_snapshots({"a": {}}),
        lambda _: teller.title(KEY, "New title"),
        lambda _: teller.end_restore(KEY),
        delete,
        lambda _: store.forget(OTHER),
        lambda at: teller.commit(OTHER, b"again", at=at),
    )


async def endless_story(store: BackupStore, tell: Tell, seed: int) -> None:
    """Commit, confirm and prune until the end."""
    chance = random.Random(seed)
    teller = Teller(store, tell)
    while True:
        key = chance.choice([KEY, OTHER])
        at = datetime.now(UTC)
        backups = await store.backups(key)
        what = chance.random()
        if what < 0.5 or not backups:
            content = chance.randbytes(chance.choice([0, 10, 1000, 300_000]))
            await teller.commit(key, content, at=at, whole=what < 0.4 or not backups)
        elif what < 0.7:
            await teller.confirm(key, backups[0].id, at)
        elif what < 0.9:
            await teller.prune(key, at)
        elif what < 0.92 and not any(backup.protected for backup in backups):
            await teller.protect(key, backups[0].id)
        else:
            await store.record_attempt(key, "Title", Attempt(at=at, outcome=Outcome.FAILED, detail="x" * 50))


async def check(root: Path, events: Sequence[Event]) -> None:
    """Open the store as after a start, and hold it to its promises."""
    promises = Promises.of(events)
    store = BackupStore(root)
    await store.open(write=True)
    try:
        report = await store.verify()
        assert report.problems == ()
        assert [path for path in tree(root) if ".tmp" in path] == []
        found = {(str(key), backup.id): backup for key in KEYS.values() for backup in await store.backups(key)}
        assert report.checked == len(found)
        assert {at: found[at].artifact.sha256 for at in promises.contents if at in found} == promises.contents
        assert [at for at in promises.protected if not found[at].protected] == []
        for at, confirmed in promises.confirmed.items():
            assert (found[at].confirmed or START) >= datetime.fromisoformat(confirmed)
        assert [at for at in promises.accepted if not found[at].whole] == []
        assert [at for at in promises.undoes if found[at].undoes is None] == []
        for name, backup_id in promises.unfinished.items():
            record = await store.device(KEYS[name])
            assert record is not None
            begun = record.unfinished_restore
            assert (begun.backup_id if begun is not None else "") == backup_id
        for name, title in promises.titles.items():
            record = await store.device(KEYS[name])
            assert record is not None
            assert record.title == title
        newest = await commit(store, b"life goes on")
        assert (await store.read(KEY, newest.id)).content == b"life goes on"
        await store.delete(KEY, newest.id)
    finally:
        await store.close()
