"""Files that are no backups of devices, and those that were made to do harm: told in one line, and nothing is kept."""

import gzip
import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES
from ha_device_backup_core.snapshot_files import why_no_backup_of_device

from ..snapshots.homes import PASSWORD, Layout, home, snapshot
from .conftest import Command

WAY_ON = (
    "It is a backup of Home Assistant itself. The backups of devices that are in it come out by the command"
    " ha-device-backup extract."
)
MAC = "a1b2c3d4e5f6"
TOO_MUCH = "The zip file would unpack to too much."
OUTSIDE = "The zip file names files outside itself, one file twice, or one by far too long a name."
UNKNOWN = "None of the installed packages knows what it is."
SETTINGS = b'{"id": {"mdns": "wled-a", "name": "Stairs"}, "hw": {}, "light": {}, "nw": {"ins": []}, "ap": {}}'


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def encrypted() -> bytes:
    """Return a zip file whose member says that it is encrypted."""
    content = bytearray(packed({"cfg.json": SETTINGS}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(sign) + at, 1)
    return bytes(content)


def twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("cfg.json", SETTINGS)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("cfg.json", b"{}")
    return buffer.getvalue()


def link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("cfg.json")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    content = SETTINGS
    for _ in range(depth):
        content = packed({"a.zip": content})
    return content


def tar(names: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in names.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "empty.json": (lambda: b"", "It is empty."),
    "blanks.json": (lambda: b" " * 5_000_000, UNKNOWN),
    "truncated.zip": (lambda: packed({"cfg.json": SETTINGS})[:-30], "truncated.zip is not a readable zip file."),
    "bomb.zip": (lambda: packed({"cfg.json": bytes(300_000_000)}), TOO_MUCH),
    "bomb.json.gz": (lambda: gzip.compress(bytes(300_000_000)), UNKNOWN),
    "nested.zip": (lambda: nested(30), UNKNOWN),
    "traversal.zip": (lambda: packed({"../../cfg.json": SETTINGS}), OUTSIDE),
    "absolute.zip": (lambda: packed({"/etc/cfg.json": SETTINGS}), OUTSIDE),
    "windows.zip": (lambda: packed({"C:\\x\\cfg.json": SETTINGS}), OUTSIDE),
    "link.zip": (link, UNKNOWN),
    "twice.zip": (twice, OUTSIDE),
    "encrypted.zip": (encrypted, "encrypted.zip is not a readable zip file."),
    "many.zip": (lambda: packed({f"{number}.json": b"" for number in range(12_000)}), TOO_MUCH),
    "folders.zip": (lambda: packed({"a/": b"", "b/c/": b""}), UNKNOWN),
    "deep.json": (lambda: b"[" * 100_000 + b"]" * 100_000, UNKNOWN),
    "number.json": (lambda: b'{"rev": [1, ' + b"9" * 100_000 + b"]}", UNKNOWN),
    "links.tar": (lambda: tar({"../x": b"1", "/etc/passwd": b"2"}), UNKNOWN),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_one_line(command: Command, store: Path, tmp_path: Path, name: str) -> None:
    make, reason = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    answer = command("import", path, "--unique-id", MAC, "--store", store)
    assert (answer.status, answer.output) == (1, "0 taken, 1 not.\n")
    assert answer.errors.startswith(f"{path}: not taken. {reason}")
    assert answer.errors.count("\n") == 1
    assert not store.exists()


def test_what_is_no_file_is_not_waited_for(command: Command, store: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", Path("/dev/zero"), Path("/dev/null")):
        answer = command("import", path, "--unique-id", MAC, "--store", store)
        assert (answer.status, answer.errors) == (1, f"{path}: not taken. It is no regular file.\n")
    assert command("import", tmp_path / "nowhere", "--store", store).status == 2


def test_a_link_that_is_named_is_followed_and_those_in_folders_are_not(
    command: Command, store: Path, tmp_path: Path
) -> None:
    (tmp_path / "real.json").write_bytes(SETTINGS)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "again").symlink_to(folder)
    (folder / "settings.json").symlink_to(tmp_path / "real.json")
    (folder / "nowhere.json").symlink_to(tmp_path / "nowhere")
    answer = command("import", folder, "--unique-id", MAC, "--store", store)
    assert (answer.status, answer.output) == (1, "0 taken, 2 not.\n")
    assert "nowhere.json: not taken. It is not there.\n" in answer.errors
    assert "settings.json: not taken. It is a symbolic link.\n" in answer.errors
    answer = command("import", folder / "settings.json", "--unique-id", MAC, "--store", store)
    assert (answer.status, answer.output.splitlines()[-1]) == (0, "1 taken, 0 not.")
    assert answer.output.startswith(f"{tmp_path / 'real.json'}: ")


def test_names_of_files_cannot_steer_the_terminal(command: Command, store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a\x1b[31m\u202eb\n.json").write_bytes(b"x")
    (folder / os.fsdecode(b"\xff.json")).write_bytes(b"y")
    (folder / "c.zip").write_bytes(packed({"cfg\x1b[31m\u202e.json": SETTINGS, "a\nb": b""}))
    answer = command("import", folder, "--unique-id", MAC, "--store", store)
    assert (answer.output.splitlines()[-1], answer.errors.count("\n")) == ("1 taken, 2 not.", 2)
    listed = command("list", "--store", store)
    for shown in (answer.output, answer.errors, listed.output):
        assert not {"\x1b", "\u202e"} & set(shown)


@pytest.mark.parametrize("layout", [Layout(), Layout(gzip=False), Layout(version=3), Layout(info_first=False)])
def test_a_backup_of_home_assistant_and_what_is_in_it(
    command: Command, store: Path, tmp_path: Path, layout: Layout
) -> None:
    whole = snapshot(tmp_path / "Automatic_backup.tar", home(tmp_path / "config"), layout)
    inner = tmp_path / ("homeassistant.tar.gz" if layout.gzip else "homeassistant.tar")
    with tarfile.open(whole) as archive:
        member = archive.extractfile(next(name for name in archive.getnames() if name.endswith(inner.name)))
        assert member is not None
        inner.write_bytes(member.read())
    large = tmp_path / "large.tar"
    large.write_bytes(whole.read_bytes())
    os.truncate(large, MAX_ARTIFACT_BYTES + 1)
    for path in (whole, inner, large):
        answer = command("import", path, "--unique-id", MAC, "--store", store)
        assert (answer.status, answer.errors) == (1, f"{path}: not taken. {WAY_ON}\n")
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    for path, to in ((whole, store), (inner, tmp_path / "other")):
        answer = command("extract", path, "--to", to, "--password", f"@{password}")
        assert answer.status == 0
        assert "backups taken: 2" in answer.output
    if layout.version:
        assert "It is encrypted." in command("extract", inner, "--list").errors


@pytest.mark.parametrize(
    "content",
    [b"", b"SecureTa", tar({"config/data": b""}), tar({"notes.txt": b"", "data": b""}), gzip.compress(b"data")[:-9]],
)
def test_other_archives_are_none_of_home_assistant(content: bytes) -> None:
    assert why_no_backup_of_device(content) is None
