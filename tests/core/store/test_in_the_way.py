"""Files and folders that have a name which the store needs, or cannot be read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ha_device_backup_core.damage import Damage, DamageKind, VerifyReport
from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.store_errors import system_words
from ha_device_backup_core.text import _

from .helpers import KEY, OTHER, artifact, commit, meta_path


@pytest.mark.parametrize("make", [lambda path: path.write_text("a file"), lambda path: path.symlink_to("/tmp")])
async def test_something_else_has_the_name_of_the_folder(
    store: BackupStore, root: Path, make: Callable[[Path], object]
) -> None:
    make(root / KEY.folder)
    with pytest.raises(StoreError, match=r"is not a folder\. Move it away"):
        await commit(store)
    assert await store.devices() == []
    (root / KEY.folder).unlink()
    await commit(store)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/etc/hostname")])
async def test_something_else_has_the_name_of_a_file(
    store: BackupStore, root: Path, make: Callable[[Path], object]
) -> None:
    backup = await commit(store)
    path = root / backup.path
    path.unlink()
    make(path)
    with pytest.raises(StoreDamagedError, match=r"regular file|symbolic link"):
        await store.read(KEY, backup.id)
    assert len((await store.verify()).problems) == 1


async def test_one_unreadable_folder_hides_only_itself(
    store: BackupStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await commit(store)
    await commit(store, key=OTHER)
    opened = os.open

    def refuse(path: "str | Path", flags: int, *arguments: int) -> int:
        if KEY.folder in str(path):
            raise OSError(5, "Input/output error", str(path))
        return opened(path, flags, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert [record.key for record in await store.devices()] == [OTHER]
        assert f"{KEY.folder} in the store of backups cannot be read: Input/output error" in caplog.text
        assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.READ_FAILED]
        with pytest.raises(StoreError, match="The disk reports an error"):
            await store.backups(KEY)
    assert [record.key for record in await store.devices()] == [OTHER, KEY]


async def test_one_unreadable_file_is_named(store: BackupStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = [await commit(store, b"%d" % number) for number in range(3)]
    opened = os.open

    def refuse(path: "str | Path", flags: int, *arguments: int) -> int:
        if str(path) in {str(store.root / first.path), str(meta_path(store, second))}:
            raise OSError(5, "Input/output error", str(path))
        return opened(path, flags, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        report = await store.verify()
        assert report == VerifyReport(
            checked=1,
            problems=tuple(
                Damage(
                    path=path,
                    kind=DamageKind.READ_FAILED,
                    message=_("It cannot be read. {why}", why=system_words(OSError(5, ""))),
                )
                for path in (f"{second.path}.meta.json", first.path)
            ),
        )
        with pytest.raises(StoreError, match="The disk reports an error"):
            await store.read(KEY, first.id)
    assert await store.verify() == VerifyReport(checked=3)
    assert await store.read(KEY, third.id) == artifact(b"2")


@pytest.mark.parametrize(("make", "take_away"), [(os.mkdir, os.rmdir), (os.mkfifo, os.unlink)])
@pytest.mark.parametrize("name", ["device-backups-store.json", "snapshot.json"])
async def test_something_else_in_the_place_of_a_document(
    store: BackupStore, root: Path, name: str, make: Callable[[Path], None], take_away: Callable[[Path], None]
) -> None:
    """Nothing can be made anew there."""
    (root / name).unlink(missing_ok=True)
    make(root / name)
    (problem,) = (await store.verify()).problems
    assert (problem.path, str(problem.message)) == (name, "Something else has this name. Move it away.")
    take_away(root / name)
    assert (await store.verify()).problems == ()
