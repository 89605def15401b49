"""Which files are backups of a kind, what of them counts and what is shown."""

import json

import pytest

from ha_device_backup_core import Artifact, DeviceInfo, InvalidArtifactError, RestoreRejectedError
from ha_device_backup_ssh.contents import bundle_of
from ha_device_backup_ssh.entries import MOST_ENTRIES, PathEntry, PathKind
from ha_device_backup_ssh.selecting import part_of

from .conftest import HANDLERS

OPNSENSE, LINUX, EDGEOS = (HANDLERS[f"{name}_ssh"] for name in ("opnsense", "linux", "edgeos"))
XML = (
    b"<?xml version='1.0'?><opnsense><revision><time>%d</time></revision>"
    b"<system><password>canary-4711</password><hostname>fire</hostname></system></opnsense>\n"
)
BOOT = b'system {\n    host-name attic\n    pre-shared-secret "canary 4711"\n}\n/* Release version: v2.0.9 */\n'


def refusal(artifact: Artifact, kind: str = "opnsense_ssh") -> str:
    with pytest.raises(InvalidArtifactError) as caught:
        HANDLERS[kind].validate(artifact)
    return caught.value.detail_in()


def test_a_file_that_a_person_saved_is_one() -> None:
    first, second = (Artifact(filename="config-fire.xml", content=XML % time) for time in (1, 2))
    assert OPNSENSE.validate(first) == ()
    assert OPNSENSE.normalize(first) == OPNSENSE.normalize(second)
    assert list(OPNSENSE.normalize(first)) == ["config.xml"]
    assert (OPNSENSE.recognizes(first), OPNSENSE.owner(first)) == (False, None)
    shown = OPNSENSE.redact(first)["config.xml"]
    assert "canary" not in shown
    assert "fire" in shown
    boot = Artifact(filename="config.boot", content=BOOT)
    assert EDGEOS.validate(boot) == ()
    assert "canary" not in EDGEOS.redact(boot)["config.boot"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b" \n", "config.xml is empty."),
        (XML[:100], "config.xml ends too early."),
        (b"<pfsense></pfsense>", "config.xml is something else."),
        (b"<!DOCTYPE html><html></html>", "config.xml is something else."),
    ],
)
def test_what_is_none_is_told(content: bytes, detail: str) -> None:
    assert refusal(Artifact(filename="x", content=content)) == detail


def bundle(index: object, **files: bytes) -> Artifact:
    content = index if isinstance(index, bytes) else json.dumps(index).encode()
    return Artifact.bundle({"index.json": content, **files})


def test_an_index_is_read_without_trust() -> None:
    entry = {"path": "/etc/a", "kind": "file", "mode": "0644", "owner": [0, 0, "", ""]}
    good = {"format": 1, "kind": "linux_ssh", "device": {}, "outputs": {}, "entries": [entry]}
    files = {"files/etc/a": b"x"}
    assert LINUX.validate(Artifact.bundle({"index.json": json.dumps(good).encode(), **files})) == ()
    damaged = (
        b"{",
        {**good, "outputs": []},
        {**good, "entries": [{}]},
        {**good, "entries": [{**entry, "path": "/etc/../a"}]},
        {**good, "entries": [{**entry, "path": "etc/a"}]},
        {**good, "entries": [{**entry, "mode": "rw"}]},
        {**good, "entries": [{**entry, "owner": [float("inf"), 0, "", ""]}]},
        {**good, "entries": [{**entry, "kind": "socket"}]},
        {**good, "device": 5},
        {**good, "outputs": {"files/etc/a": None}},
    )
    for index in damaged:
        content = index if isinstance(index, bytes) else json.dumps(index).encode()
        assert refusal(Artifact.bundle({"index.json": content, **files}), "linux_ssh") == "index.json is damaged."
    assert refusal(bundle(good), "linux_ssh") == "files/etc/a is not in it."
    assert refusal(bundle({**good, "entries": []}), "linux_ssh") == "It holds no files."
    assert refusal(bundle({**good, "kind": "x"}), "linux_ssh") == "index.json is of another kind of device."
    assert refusal(Artifact.bundle({"a": b"x"}), "linux_ssh") == "There is no index.json in it."
    assert not LINUX.recognizes(bundle(b"{"))
    with pytest.raises(RestoreRejectedError):
        part_of(bundle(good, **{"files/etc/a": b"x"}), LINUX.platform, [])


def test_as_many_files_as_are_taken_are_a_backup() -> None:
    files = {
        f"/home/somebody/configurations/of/rooms/{number:04}.json": b"%d" % number for number in range(MOST_ENTRIES)
    }
    entries = [
        PathEntry(path=path, kind=PathKind.FILE, mode=0o644, uid=1000, gid=1000, user="me", group="us", content=content)
        for path, content in files.items()
    ]
    artifact = bundle_of(LINUX.platform, DeviceInfo(unique_id="x", name="x"), entries=entries)
    assert LINUX.validate(artifact) == ()
    chosen = [f"files{path}" for path in files]
    assert part_of(artifact, LINUX.platform, chosen).files().keys() == {"index.json", *chosen}


def test_an_archive_without_what_each_has() -> None:
    kind = "openwrt_ssh"
    assert refusal(Artifact(filename="x", content=b"\x1f\x8bnoise"), kind) == "backup.tar.gz is no readable tar file."
    index = {"format": 1, "kind": kind, "device": {}, "outputs": {}, "entries": []}
    assert refusal(bundle(index), kind) == "backup.tar.gz is not in it."
