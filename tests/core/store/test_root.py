"""Only a folder that carries the mark of a store, or that holds nothing yet, is ever changed."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ha_device_backup_core.damage import Damage, DamageKind, VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE
from ha_device_backup_core.store.root import Use, require_place_for_copy, try_place_for_copy, use_of
from ha_device_backup_core.text import _

from .helpers import KEY, OTHER, Clock, artifact, commit, mark, tree

type State = dict[str, tuple[int, int, bytes]]


def state(folder: Path) -> State:
    """Return everything below the folder, itself included: modes, times, contents."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of somebody, with what a store would have swept."""
    folder = tmp_path / "documents"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / ".letter.odt.tmp").write_text("unsaved")
    (folder / ".snapshot.json.tmp").write_text("of another program")
    (folder / "my-photos").mkdir()
    (folder / "thesis.txt").write_text("years of work")
    return folder


async def test_a_folder_of_somebody_is_refused_and_left_as_it_is(documents: Path) -> None:
    before = state(documents)
    for write, reason in ((True, "holds other things.*Choose a new folder"), (False, "is no store of backups")):
        store = BackupStore(documents)
        with pytest.raises(StoreError, match=reason):
            await store.open(write=write)
        with pytest.raises(StoreError, match="not open"):
            await store.devices()
    assert state(documents) == before
    store = BackupStore(documents / "device-backups")
    await store.open(write=True)
    backup = await commit(store)
    assert await store.read(KEY, backup.id) == artifact()
    await store.close()
    assert state(documents)[str(documents / ".letter.odt.tmp")] == before[str(documents / ".letter.odt.tmp")]


@pytest.mark.parametrize(
    "fill",
    [
        lambda folder: (folder / "notes").write_text(""),
        lambda folder: (folder / "wled-a1b2c3d4e5f6").mkdir(),
        lambda folder: (folder / ".hidden").mkdir(),
        lambda folder: (folder / ".x.tmp").write_text(""),
        lambda folder: (folder / MARK_FILE).mkdir(),
        lambda folder: (folder / MARK_FILE).symlink_to("/etc/hostname"),
        lambda folder: (folder / "link").symlink_to("/nowhere"),
        lambda folder: os.mkfifo(folder / "pipe"),
        lambda folder: (folder / ".lock").write_text("4711"),
        lambda folder: (folder / "snapshot.json").write_text('{"name": "my shop"}'),
        lambda folder: (folder / "snapshot.json").write_text("schema"),
        lambda folder: (folder / ".snapshot.json.tmp").write_text(""),
    ],
    ids=[
        *("file", "folder", "hidden", "temporary", "mark is a folder", "mark is a link", "link", "pipe"),
        *("lock of others", "document of others", "text of others", "temporary of others"),
    ],
)
async def test_what_makes_a_folder_somebodys(tmp_path: Path, fill: Callable[[Path], object]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    fill(folder)
    names, mode = tree(folder), folder.stat().st_mode
    with pytest.raises(StoreError):
        await BackupStore(folder).open(write=True)
    assert (tree(folder), folder.stat().st_mode) == (names, mode)


@pytest.mark.parametrize("names", [[], [".lock"], [".lock", f".{MARK_FILE}.tmp"], ["lost+found", ".lock"]])
async def test_an_empty_folder_becomes_a_store(tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    for name in names:
        (folder / name).touch()
    reader = BackupStore(folder)
    await reader.open(write=False)
    assert await reader.devices() == []
    await reader.close()
    store = BackupStore(folder)
    await store.open(write=True)
    assert use_of(folder) is Use.STORE
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert f".{MARK_FILE}.tmp" not in tree(folder)
    await commit(store)
    assert await store.verify() == VerifyReport(checked=1)
    await store.close()


@pytest.mark.parametrize("content", ["", "\0" * 40, "[]", '{"schema": 1}', '{"schema": 1, "use": 7}', "{" * 100_000])
async def test_a_damaged_mark_is_told_and_made_anew(store: BackupStore, root: Path, content: str) -> None:
    backup = await commit(store)
    await store.close()
    (root / MARK_FILE).write_text(content)
    reader = BackupStore(root)
    await reader.open(write=False)
    message = _("It is damaged. It is made anew when something is stored.")
    damage = Damage(path=MARK_FILE, kind=DamageKind.DOCUMENT_UNREADABLE, message=message)
    assert await reader.verify() == VerifyReport(checked=1, problems=(damage,))
    await reader.close()
    again = BackupStore(root)
    await again.open(write=True)
    assert use_of(root) is Use.STORE
    assert await again.read(KEY, backup.id) == artifact()
    assert await again.verify() == VerifyReport(checked=1)
    await again.close()


async def test_a_lost_mark_is_made_anew_where_all_else_is_of_a_store(store: BackupStore, root: Path) -> None:
    await commit(store)
    await commit(store, key=OTHER)
    await store.close()
    (root / MARK_FILE).unlink()
    (root / OTHER.folder / "device.json").unlink()
    again = BackupStore(root)
    await again.open(write=True)
    assert use_of(root) is Use.STORE
    assert await again.verify() == VerifyReport(checked=2)
    await again.close()
    (root / MARK_FILE).unlink()
    (root / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="holds other things"):
        await BackupStore(root).open(write=True)
    reader = BackupStore(root)
    await reader.open(write=False)
    assert len(await reader.devices()) == 2
    await reader.close()
    (root / "thesis.txt").unlink()
    again = BackupStore(root)
    await again.open(write=True)
    await again.close()


async def test_a_marked_folder_may_hold_other_things_too(root: Path, clock: Clock) -> None:
    mark(root)
    (root / "holiday").mkdir()
    (root / ".letter.odt.tmp").write_text("unsaved")
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    await store.close()
    assert tree(root) == [".letter.odt.tmp", ".lock", MARK_FILE, "holiday/"]


async def test_a_link_to_a_store_is_the_store(store: BackupStore, root: Path, tmp_path: Path, documents: Path) -> None:
    backup = await commit(store)
    await store.close()
    link = tmp_path / "link"
    link.symlink_to(root)
    through = BackupStore(link)
    await through.open(write=True)
    assert await through.read(KEY, backup.id) == artifact()
    await through.close()
    link.unlink()
    link.symlink_to(documents)
    before = state(documents)
    with pytest.raises(StoreError, match="holds other things"):
        await BackupStore(link).open(write=True)
    assert state(documents) == before
    link.unlink()
    link.symlink_to(tmp_path / "unmounted")
    with pytest.raises(StoreError, match="leads nowhere"):
        await BackupStore(link).open(write=True)
    assert not (tmp_path / "unmounted").exists()


async def test_a_second_copy_can_take_the_place_of_the_store(store: BackupStore, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    store.set_second_copy(share)
    backup = await commit(store)
    await store.second_copy_done()
    assert use_of(share) is Use.SECOND_COPY
    await store.close()
    again = BackupStore(share)
    await again.open(write=True)
    assert use_of(share) is Use.STORE
    assert await again.read(KEY, backup.id) == artifact()
    await again.close()


@pytest.mark.parametrize("what", ["documents", "store", "file"])
async def test_a_second_copy_goes_into_no_folder_of_somebody(
    store: BackupStore, documents: Path, tmp_path: Path, what: str
) -> None:
    folder = documents
    if what == "store":
        folder = tmp_path / "other"
        other = BackupStore(folder)
        await other.open(write=True)
        await commit(other, key=OTHER)
        await other.close()
    if what == "file":
        folder = documents / "thesis.txt"
    before = state(folder)
    store.set_second_copy(folder)
    await commit(store)
    await store.second_copy_done()
    assert store.second_copy_problem is not None
    assert state(folder) == before
    (tmp_path / "share").mkdir()
    store.set_second_copy(tmp_path / "share")
    await commit(store, b"next")
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert len(tree(tmp_path / "share")) == 5


def test_a_folder_that_cannot_be_read_is_no_place_for_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as refusing:

        def refuse(path: Path) -> list[str]:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

        refusing.setattr(os, "listdir", refuse)
        with pytest.raises(StoreError) as refused:
            require_place_for_copy(tmp_path)
    assert f"{tmp_path}: You are not allowed to read or write there." in str(refused.value)
    require_place_for_copy(tmp_path)


@pytest.mark.parametrize(
    ("step", "number", "words"),
    [
        ("open", errno.EACCES, "You are not allowed to read or write there."),
        ("open", errno.EROFS, "Nothing can be written there: it is mounted to be read only."),
        ("write", errno.ENOSPC, "The disk is full. Free some space."),
    ],
)
async def test_a_folder_that_cannot_be_written_is_no_place_for_copies(
    store: BackupStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    fresh, used, do = tmp_path / "fresh", tmp_path / "used", getattr(os, step)
    fresh.mkdir()
    used.mkdir()
    store.set_second_copy(used)
    await commit(store)
    await store.second_copy_done()
    before = state(used)
    for folder in (fresh, used):
        with monkeypatch.context() as refusing:

            def refuse(what: object, how: object, *rest: int) -> int:
                if isinstance(how, int) and not how & os.O_WRONLY:
                    return int(do(what, how, *rest))
                raise OSError(number, os.strerror(number))

            refusing.setattr(os, step, refuse)
            with pytest.raises(StoreError) as refused:
                try_place_for_copy(folder)
        assert str(refused.value).endswith(f"{folder}: {words}")
        try_place_for_copy(folder)
    assert tree(fresh) == []
    assert [name for name in state(used) if name != str(used)] == [name for name in before if name != str(used)]
