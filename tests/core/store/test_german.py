"""What is wrong with a store is told in the language of whoever reads it, devices by their names."""

import errno
from pathlib import Path

import pytest

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.store_errors import as_store_error

from .helpers import KEY, OTHER, commit, meta_path

MISSING = "2020-01-01_00-00-00"


async def test_errors_of_reading(store: BackupStore) -> None:
    backup = await commit(store)
    with pytest.raises(BackupNotFoundError) as not_found:
        await store.backup(KEY, MISSING)
    assert not_found.value.detail_in("de") == f"Desk lamp hat keines mit der Kennung {MISSING}."
    with pytest.raises(BackupNotFoundError) as unknown:
        await store.backup(OTHER, MISSING)
    assert unknown.value.detail_in("de-AT") == "Von diesem Gerät ist nichts gespeichert."
    kept = (store.root / backup.path).read_bytes()
    (store.root / backup.path).write_bytes(b"changed")
    with pytest.raises(StoreDamagedError) as damaged:
        await store.read(KEY, backup.id)
    assert damaged.value.detail_in("de") == f"{backup.path}: Die Datei ist nicht mehr das, was gespeichert wurde."
    (store.root / backup.path).write_bytes(kept)
    await store.read(KEY, backup.id)


async def test_errors_of_writing(store: BackupStore) -> None:
    backup = await commit(store)
    with pytest.raises(StoreError) as held:
        await store.forget(KEY)
    assert held.value.detail_in("de") == "Von Desk lamp gibt es noch Backups. Lösche sie zuerst."
    await store.delete(KEY, backup.id)
    await store.forget(KEY)


async def test_damage(store: BackupStore) -> None:
    backup = await commit(store)
    meta_path(store, backup).write_text("{")
    path = meta_path(store, backup)
    assert (await store.verify()).to_dict("de") == {
        "checked": 0,
        "problems": [
            {
                "path": str(path.relative_to(store.root)),
                "kind": "meta_unreadable",
                "message": "Die Meta-Datei ist beschädigt. Sie ist kein JSON.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "Dort darf nicht gelesen oder geschrieben werden."),
        (errno.ESTALE, "Die Netzwerkfreigabe ist weg. Verbinde sie wieder."),
        (errno.EMFILE, "Das System meldet: Odd."),
    ],
)
def test_errors_of_the_system(number: int, words: str, tmp_path: Path) -> None:
    assert as_store_error(OSError(number, "Odd", str(tmp_path))).detail_in("de") == f"{tmp_path}: {words}"
    assert as_store_error(OSError(number, "Odd")).detail_in("de") == words
