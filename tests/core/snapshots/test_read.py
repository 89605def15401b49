import asyncio
import gzip
import io
import itertools
import random
import tarfile
from pathlib import Path
from typing import Any

import pytest
import securetar

from ha_device_backup_core.errors import SnapshotError, SnapshotPasswordError
from ha_device_backup_core.snapshots import (
    Snapshot,
    SnapshotInfo,
    SnapshotProblem,
    found_devices,
    read_snapshot,
    sources,
    staging,
)
from ha_device_backup_core.snapshots.decrypt import WRONG_OR_DAMAGED
from ha_device_backup_core.tar_stream import CUT_OFF

from .homes import LAMP, PASSWORD, STAIRS, STORE, Layout, fill, home, plain_tar, snapshot

BOTH = {"example:a1": 2, "wled:a1b2c3d4e5f6": 1}


class Reader:
    """Reads snapshots, each into a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def __call__(self, source: Any, **options: Any) -> Snapshot:  # noqa: ANN401
        self._count += 1
        folder = self._folder / f"staging-{self._count}"
        folder.mkdir()
        return read_snapshot(source, folder, **options)


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home(tmp_path_factory.mktemp("home"))


def counted(found: Snapshot) -> dict[str, int]:
    counts = {}
    for device in found_devices(found):
        assert device.record is not None
        assert device.problems == ()
        counts[str(device.record.key)] = len(device.backups)
    return counts


@pytest.mark.parametrize(
    "layout",
    [
        Layout(version=version, gzip=packed, info_first=info_first, prefix=prefix, padding=padding)
        for (version, packed), (info_first, prefix, padding) in itertools.product(
            itertools.product((0, 2, 3), (True, False)), ((True, "./", 0), (False, "", 20480))
        )
    ],
    ids=repr,
)
def test_every_layout(layout: Layout, config: Path, read: Reader, tmp_path: Path) -> None:
    file = snapshot(tmp_path / "snapshot.tar", config, layout)
    found = read(file, password=PASSWORD if layout.version else None)
    assert counted(found) == BOTH
    assert (found.info, found.place, found.others, found.problems) == (
        SnapshotInfo(
            id="0123abcd",
            name="Automatic backup",
            date="2026-11-28T04:45:00+00:00",
            version="2026.11.0",
            protected=bool(layout.version),
        ),
        f"homeassistant/data/{STORE}",
        (),
        (),
    )


def test_a_stream_that_cannot_be_sought(config: Path, read: Reader, tmp_path: Path) -> None:
    content = snapshot(tmp_path / "snapshot.tar", config, Layout(version=3)).read_bytes()

    class Stream(io.RawIOBase):
        """Gives one byte more each time."""

        at = step = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401
            self.step += 1
            piece = content[self.at : self.at + min(len(buffer), self.step)]
            self.at += len(piece)
            buffer[: len(piece)] = piece
            return len(piece)

    assert counted(read(io.BufferedReader(Stream()), password=PASSWORD)) == BOTH


def test_one_device(config: Path, read: Reader, tmp_path: Path) -> None:
    found = read(snapshot(tmp_path / "snapshot.tar", config), only=LAMP)
    assert counted(found) == {str(LAMP): 1}


def test_nothing_else_is_unpacked(config: Path, read: Reader, tmp_path: Path) -> None:
    found = read(snapshot(tmp_path / "snapshot.tar", config))
    unpacked = {path.relative_to(found.root).parts[-2:] for path in found.root.rglob("*") if path.is_file()}
    assert {folder for folder, _ in unpacked} == {STAIRS.folder, LAMP.folder}
    others = [path.name for path in found.root.parent.rglob("*") if path.is_file() and found.root not in path.parents]
    assert set(others) <= {"device.json"}


@pytest.mark.parametrize("share_first", [True, False])
@pytest.mark.parametrize("version", [0, 2, 3])
def test_other_stores_are_named(share_first: bool, version: int, read: Reader, tmp_path: Path) -> None:
    config = home(tmp_path / "config")
    asyncio.run(fill(config / "old/copy", {STAIRS: [b"old"]}))
    asyncio.run(fill(tmp_path / "share/device-backups", {LAMP: [b"copied"]}))
    (tmp_path / "share/device-backups/device-backups-store.json").unlink()
    file = snapshot(
        tmp_path / "snapshot.tar",
        config,
        Layout(version=version),
        share=tmp_path / "share",
        share_first=share_first,
    )
    found = read(file, password=PASSWORD)
    assert counted(found) == BOTH
    assert sorted(found.others) == ["homeassistant/data/old/copy", "share/device-backups"]


def test_the_only_copy_is_taken_where_home_assistant_has_none(read: Reader, tmp_path: Path) -> None:
    config = home(tmp_path / "config", {})
    asyncio.run(fill(tmp_path / "share", {LAMP: [b"copied"]}))
    found = read(snapshot(tmp_path / "snapshot.tar", None, share=tmp_path / "share"))
    assert (counted(found), found.place, found.others) == ({str(LAMP): 1}, "share", ())
    asyncio.run(fill(config / "second", {LAMP: [b"again"]}))
    (config / STORE / "device-backups-store.json").unlink()
    both = snapshot(tmp_path / "both.tar", config, share=tmp_path / "share")
    with pytest.raises(SnapshotError) as raised:
        read(both)
    assert str(raised.value).endswith("but several copies: homeassistant/data/second, share.")


@pytest.mark.parametrize(
    ("version", "password", "message"),
    [
        (3, None, "It is encrypted. Give the password that Home Assistant encrypted it with."),
        (2, None, "It is encrypted. Give the password that Home Assistant encrypted it with."),
        (3, "wrong", "The password is wrong."),
        (2, "wrong", str(WRONG_OR_DAMAGED)),
    ],
)
def test_passwords(
    version: int, password: str | None, message: str, config: Path, read: Reader, tmp_path: Path
) -> None:
    file = snapshot(tmp_path / "snapshot.tar", config, Layout(version=version))
    with pytest.raises(SnapshotPasswordError) as raised:
        read(file, password=password)
    assert str(raised.value.detail) == message
    assert counted(read(file, password=PASSWORD)) == BOTH


def test_a_password_that_is_not_needed(config: Path, read: Reader, tmp_path: Path) -> None:
    assert counted(read(snapshot(tmp_path / "snapshot.tar", config), password=PASSWORD)) == BOTH


def test_what_is_encrypted_in_the_first_way(config: Path, read: Reader, tmp_path: Path) -> None:
    """Its header is the salt alone; nobody writes it any more, so the one of a newer way is cut to it."""
    file = snapshot(tmp_path / "snapshot.tar", config, Layout(version=2))
    with tarfile.open(file) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    members["homeassistant.tar.gz"] = members["homeassistant.tar.gz"][32:]
    plain_tar(file, members)
    assert counted(read(file, password=PASSWORD)) == BOTH
    with pytest.raises(SnapshotPasswordError):
        read(file)


def test_damage_behind_what_was_wanted_is_told(config: Path, read: Reader, tmp_path: Path) -> None:
    content = bytearray(snapshot(tmp_path / "snapshot.tar", config, Layout(gzip=False)).read_bytes())
    file = tmp_path / "damaged.tar"
    file.write_bytes(content[: content.rindex(b"backup_2025") + 3000])
    found = read(file)
    assert found.problems == (SnapshotProblem(path="homeassistant", message=CUT_OFF),)
    assert sum(len(device.backups) for device in found_devices(found)) >= 1


@pytest.mark.parametrize("version", [0, 2, 3])
def test_a_snapshot_that_is_damaged_from_the_beginning(
    version: int, config: Path, read: Reader, tmp_path: Path
) -> None:
    whole = snapshot(tmp_path / "snapshot.tar", config, Layout(version=version)).read_bytes()
    start = whole.index(b"SecureTar") + 200 if version else whole.index(b"\x1f\x8b\x08") + 20
    file = tmp_path / "damaged.tar"
    file.write_bytes(whole[:start] + bytes(900) + whole[start + 900 :])
    with pytest.raises(SnapshotError) as raised:
        read(file, password=PASSWORD if version else None)
    assert isinstance(raised.value, SnapshotPasswordError) == (version == 2)
    assert str(raised.value.detail)
    file.write_bytes(whole)
    assert counted(read(file, password=PASSWORD)) == BOTH


def test_a_damaged_share_prevents_nothing(config: Path, read: Reader, tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "share", {LAMP: [b"copied"]}))
    file = snapshot(tmp_path / "snapshot.tar", config, Layout(version=2), share=tmp_path / "share")
    content = bytearray(file.read_bytes())
    at = content.rindex(b"SecureTar") + 100
    content[at : at + 300] = bytes(300)
    file.write_bytes(content)
    found = read(file, password=PASSWORD)
    assert counted(found) == BOTH
    assert [problem.path for problem in found.problems] == ["share"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "The file is something else."),
        (
            {"addon.tar": b"x"},
            "Home Assistant's configuration is not in it, and the backups of devices are kept there.",
        ),
        ({"homeassistant.tar.gz": gzip.compress(bytes(10240))}, "There are no backups of devices in it."),
        ({"homeassistant.tar": b""}, str(CUT_OFF)),
        ({"homeassistant.tar": b"what is this" * 99}, str(WRONG_OR_DAMAGED)),
        (
            {"homeassistant.tar": b"SecureTar\x09" + bytes(90)},
            "It is encrypted in a way that is newer than this version. Update Device Backups.",
        ),
    ],
)
def test_what_holds_nothing(members: dict[str, bytes], message: str, read: Reader, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.tar"
    plain_tar(file, members)
    with pytest.raises(SnapshotError) as raised:
        read(file, password=PASSWORD)
    assert str(raised.value.detail) == message


@pytest.mark.parametrize("content", [b"", b"no tar file", bytes(4096), random.Random(3).randbytes(5000)])
def test_what_is_no_backup(content: bytes, read: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(SnapshotError) as raised:
        read(tmp_path / "file")
    assert str(raised.value.detail) == "The file is something else."


def test_a_file_that_is_not_there(read: Reader, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="It is not there"):
        read(tmp_path / "none.tar")


def inner(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    plain_tar(written, files)
    return written.getvalue()


def claiming(size: int, content: bytes, name: str) -> bytes:
    """Return a tar file whose file of that name claims a size."""
    at = content.index(name.encode().ljust(100, b"\0"))
    header = bytearray(content[at : at + 512])
    header[124:136] = b"\x80" + size.to_bytes(11)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return content[:at] + bytes(header) + content[at + 512 :]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("size", [4 << 40, 900 << 30])
def test_claims_are_not_believed(packed: bool, size: int, read: Reader, tmp_path: Path) -> None:
    content = claiming(size, inner({"data/large.db": b"x", "data/other": b"y"}), "data/large.db")
    file = tmp_path / "snapshot.tar"
    plain_tar(file, {"homeassistant.tar.gz": gzip.compress(content) if packed else content})
    with pytest.raises(SnapshotError):
        read(file)
    outer = claiming(size, inner({"homeassistant.tar": content}), "homeassistant.tar")
    file.write_bytes(outer)
    with pytest.raises(SnapshotError):
        read(file)


def test_many_members_outside(read: Reader, tmp_path: Path) -> None:
    block = inner({"addon.tar": b""})[:512]
    (tmp_path / "many.tar").write_bytes(block * 20_000 + bytes(1024))
    with pytest.raises(SnapshotError, match="far more files"):
        read(tmp_path / "many.tar")


def test_many_members_inside_keep_nothing(config: Path, read: Reader, tmp_path: Path) -> None:
    block = inner({"data/www/1.jpg": b""})[:512]
    file = tmp_path / "many.tar"
    plain_tar(file, {"homeassistant.tar.gz": gzip.compress(block * 20_000 + bytes(1024), 1)})
    with pytest.raises(SnapshotError, match="There are no backups of devices in it"):
        read(file)


def test_many_stores(read: Reader, tmp_path: Path) -> None:
    files = {f"data/{number}/{STAIRS.folder}/device.json": b"{}" for number in range(300)}
    file = tmp_path / "many.tar"
    plain_tar(file, {"homeassistant.tar.gz": gzip.compress(inner(files))})
    with pytest.raises(SnapshotError, match="There are no backups of devices in it"):
        read(file)
    assert len(list((tmp_path / "staging-1").iterdir())) <= 100


def test_what_unpacks_to_too_much(read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_UNPACKED_AT_ONCE", 1000)
    packed = gzip.compress(inner({"data/zeros": bytes(3_000_000)}))
    file = tmp_path / "snapshot.tar"
    plain_tar(file, {"homeassistant.tar.gz": packed})
    with pytest.raises(SnapshotError, match="far more than any backup"):
        read(file)


def test_what_unpacks_to_nothing(read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_READ_FOR_NOTHING", 100_000)
    file = tmp_path / "snapshot.tar"
    plain_tar(file, {"homeassistant.tar.gz": gzip.compress(b"") * 6_000 + gzip.compress(inner({"data/a": b""}))})
    with pytest.raises(SnapshotError, match="packed in it is empty"):
        read(file)


def test_a_file_of_a_store_that_is_too_large(read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MAX_ARTIFACT_BYTES", 5)
    found = read(snapshot(tmp_path / "snapshot.tar", home(tmp_path / "config")))
    assert {problem.path.rpartition("/")[0] for problem in found.problems} == {f"{found.place}/{STAIRS.folder}"}
    monkeypatch.setattr(staging, "_MOST_BYTES", 3000)
    with pytest.raises(SnapshotError, match="Name one device"):
        read(tmp_path / "snapshot.tar")


@pytest.mark.parametrize(
    "name",
    ["../../x", "/etc", "data/../../..", "data/.storage/ha_device_backups/../../.."],
)
def test_names_that_lead_elsewhere(name: str, read: Reader, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.tar"
    files = {f"{name}/{STAIRS.folder}/device.json": b"{}", f"{name}/device-backups-store.json": b"{}"}
    plain_tar(file, {"homeassistant.tar": inner(files)})
    with pytest.raises(SnapshotError):
        read(file)
    assert not list(tmp_path.rglob("device.json"))


def test_a_file_with_two_names(read: Reader, tmp_path: Path) -> None:
    config = home(tmp_path / "config", {LAMP: [b"lamp"]})
    folder = config / STORE / LAMP.folder
    (artifact,) = [path for path in folder.iterdir() if path.name.startswith("backup_") and "meta" not in path.name]
    (config / "a-second-name.json").hardlink_to(artifact)
    (config / STORE / "wled-other").mkdir()
    (config / STORE / "wled-other" / artifact.name).hardlink_to(artifact)
    found = read(snapshot(tmp_path / "snapshot.tar", config))
    contents = {path.parent.name: path.read_bytes() for path in found.root.rglob(artifact.name)}
    assert set(contents) <= {LAMP.folder, "wled-other"}
    # Which of its names comes first in the tar is up to the file system.
    assert b"lamp" in contents.values() or {Path(one.path).name for one in found.problems} == {artifact.name}


def test_without_the_library_only_what_is_encrypted_cannot_be_read(
    config: Path, read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = snapshot(tmp_path / "snapshot.tar", config, Layout(version=3))
    plain = snapshot(tmp_path / "plain.tar", config)
    monkeypatch.setitem(__import__("sys").modules, "securetar", None)
    with pytest.raises(SnapshotError, match="pip install"):
        read(file, password=PASSWORD)
    assert counted(read(plain)) == BOTH
    monkeypatch.setitem(__import__("sys").modules, "securetar", securetar)
    assert counted(read(file, password=PASSWORD)) == BOTH


def test_what_tells_about_it_may_be_damaged(config: Path, read: Reader, tmp_path: Path) -> None:
    file = snapshot(tmp_path / "snapshot.tar", config)
    content = file.read_bytes()
    start = content.index(b'{"slug"')
    end = content.index(b"}}", start) + 2
    for damaged in (b"[" * 100, b"[]", b'{"slug": 7, "name": 1}', b"not JSON"):
        file.write_bytes(content[:start] + damaged.ljust(end - start) + content[end:])
        found = read(file)
        assert (found.info, counted(found)) == (SnapshotInfo(), BOTH)
