import asyncio
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core.records import DeviceKey

from ..snapshots.homes import LAMP, PASSWORD, STAIRS, STORE, Layout, fill, home, plain_tar, snapshot
from .conftest import MODULE, STARTER, Command

OTHER = DeviceKey("wled", "0a0b0c0d0e0f")
HOME = {STAIRS: [b'{"name": "a"}', b'{"name": "b"}'], LAMP: [b"lamp"]}

MADE = "2026-11-28T04:45:00+00:00"
REBUILT = "It is damaged. It is not JSON. What the backups tell of the device is used."


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return home(tmp_path / "config", HOME)


@pytest.fixture
def taken(config: Path, tmp_path: Path) -> Path:
    return snapshot(tmp_path / "snapshot.tar", config)


def listed(command: Command, store: Path) -> dict[str, int]:
    answer = command("list", "--store", store, "--json")
    assert answer.status == 0
    return {f"{device['kind']}:{device['unique_id']}": len(device["backups"]) for device in answer.json["devices"]}


def counts(document: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return how many backups of each device were taken, and were there already."""
    return {device["title"]: (len(device["taken"]), len(device["present"])) for device in document["devices"]}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stored(folder: Path) -> dict[str, bytes]:
    """Return the files of devices in a store."""
    return {name: content for name, content in contents(folder).items() if "/" in name}


def test_the_result_is_a_store(command: Command, config: Path, taken: Path, store: Path) -> None:
    answer = command("extract", taken, "--to", store)
    assert (answer.status, answer.errors) == (0, "")
    assert answer.output.splitlines() == [
        f"Automatic backup (made {MADE}, Home Assistant 2026.11.0), from homeassistant/data/{STORE}:",
        "Desk lamp (example:a1): backups taken: 2",
        "Desk lamp (wled:a1b2c3d4e5f6): backups taken: 1",
    ]
    assert listed(command, store) == {"example:a1": 2, "wled:a1b2c3d4e5f6": 1}
    assert command("verify", "--store", store).status == 0
    assert stored(store) == stored(config / STORE)


def test_nobody_waits_for_a_pipe(command: Command, taken: Path, store: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    answer = command("extract", tmp_path / "pipe", "--to", store)
    assert answer.status == 2
    assert "is no regular file." in " ".join(answer.errors.split())
    assert command("extract", taken, "--to", store).status == 0


def test_nothing_is_doubled(command: Command, taken: Path, store: Path) -> None:
    first = command("extract", taken, "--to", store, "--json")
    again = command("extract", taken, "--to", store, "--json")
    assert (counts(first.json), counts(again.json)) == ({"Desk lamp": (1, 0)}, {"Desk lamp": (0, 1)})
    assert [device["present"] for device in again.json["devices"]] == [
        device["taken"] for device in first.json["devices"]
    ]
    assert listed(command, store) == {"example:a1": 2, "wled:a1b2c3d4e5f6": 1}


def test_files_that_describe_kinds_come_along(command: Command, config: Path, store: Path, tmp_path: Path) -> None:
    kinds = config / STORE / "kinds"
    kinds.mkdir()
    for name, content in {
        "pump.toml": "pump",
        "tank.toml": "tank",
        "Odd name.toml": "odd",
        ".pump.toml.tmp": "",
    }.items():
        (kinds / name).write_text(content)
    taken = snapshot(tmp_path / "snapshot.tar", config)

    assert command("extract", taken, "--to", store).status == 0
    (store / "kinds" / "tank.toml").write_text("another")
    assert command("extract", taken, "--to", store).status == 0
    assert contents(store / "kinds") == {"pump.toml": b"pump", "tank.toml": b"another"}
    assert command("verify", "--store", store).status == 0
    (store / "device-backups-store.json").unlink()
    assert command("extract", taken, "--to", store).status == 0


def test_for_programs(command: Command, taken: Path, store: Path) -> None:
    document = command("extract", taken, "--to", store, "--device", LAMP, "--json").json
    (device,) = document.pop("devices")
    assert (device["kind"], device["unique_id"], device["title"], device["present"]) == (
        LAMP.kind,
        LAMP.unique_id,
        "Desk lamp",
        [],
    )
    assert document == {
        "snapshot": {
            "id": "0123abcd",
            "name": "Automatic backup",
            "date": MADE,
            "homeassistant_version": "2026.11.0",
            "protected": False,
        },
        "other_stores": [],
        "problems": [],
        "store": str(store),
        "error": None,
    }
    assert listed(command, store) == {str(LAMP): 1}


def test_a_list_takes_nothing(command: Command, taken: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    answer = command("extract", taken, "--list")
    assert (answer.status, answer.output.count("Desk lamp")) == (0, 3)
    document = command("extract", taken, "--list", "--json").json
    assert {device["kind"]: len(device["backups"]) for device in document["devices"]} == {"example": 2, "wled": 1}
    assert all(
        backup["path"].startswith(f"homeassistant/data/{STORE}/{device['kind']}-")
        for device in document["devices"]
        for backup in device["backups"]
    )
    assert contents(tmp_path) == before


@pytest.mark.parametrize("version", [2, 3])
def test_passwords(version: int, command: Command, config: Path, store: Path, tmp_path: Path) -> None:
    file = snapshot(tmp_path / "encrypted.tar", config, Layout(version=version))
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    (tmp_path / "wrong").write_text("wrong")
    missing = command("extract", file, "--to", store, "--json")
    wrong = command("extract", file, "--to", store, "--password", f"@{tmp_path / 'wrong'}", "--json")
    assert [(answer.status, answer.json["error"]["code"]) for answer in (missing, wrong)] == [
        (1, "snapshot_password")
    ] * 2
    assert ("damaged" in wrong.json["error"]["message"]) == (version == 2)
    assert not store.exists()
    assert command("extract", file, "--to", store, "--password", f"@{tmp_path / 'password'}").status == 0
    told = command("extract", file, "--list", "--password", PASSWORD)
    assert (told.status, "Others on this machine" in told.errors) == (0, True)


def test_a_folder_of_others_is_left_alone(command: Command, config: Path, taken: Path, tmp_path: Path) -> None:
    for name in ("others", "copy"):
        (tmp_path / name).mkdir()
    (tmp_path / "others/photo.jpg").write_bytes(b"mine")
    (tmp_path / "copy/device-backups-store.json").write_text('{"schema": 1, "use": "second_copy"}')
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("others", "copy", "link"):
        before = contents(tmp_path)
        answer = command("extract", taken, "--to", tmp_path / name, "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, "store"), name
        assert contents(tmp_path) == before
    assert command("extract", taken, "--to", taken).status == 2
    (tmp_path / "others/photo.jpg").unlink()
    assert command("extract", taken, "--to", tmp_path / "others").status == 0


def test_a_store_that_is_in_use(command: Command, taken: Path, store: Path) -> None:
    assert command("extract", taken, "--to", store, "--device", LAMP).status == 0
    program = (
        "import fcntl,sys\nf=open(sys.argv[1])\nfcntl.flock(f, fcntl.LOCK_EX)\nprint(flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        answer = command("extract", taken, "--to", store, "--json")
        other.communicate(b"")
    assert (answer.status, answer.json["error"]["code"]) == (1, "store_locked")
    assert listed(command, store) == {str(LAMP): 1}
    assert command("extract", taken, "--to", store).status == 0


def test_a_damaged_backup_is_named_and_the_others_come_out(
    command: Command, config: Path, store: Path, tmp_path: Path
) -> None:
    folder = config / STORE / STAIRS.folder
    newest = max(folder.glob("backup_*0.json"))
    newest.write_bytes(b"damaged")
    (config / STORE / LAMP.folder / "device.json").write_bytes(b"damaged")
    file = snapshot(tmp_path / "damaged.tar", config)
    answer = command("extract", file, "--to", store)
    assert (answer.status, answer.output.count("backups taken: 1")) == (1, 2)
    place = f"homeassistant/data/{STORE}"
    assert answer.errors.splitlines() == [
        f"{place}/{STAIRS.folder}/{newest.name}: The file is not what was stored.",
        f"{place}/{LAMP.folder}/device.json: {REBUILT}",
    ]
    assert listed(command, store) == {"example:a1": 1, "wled:a1b2c3d4e5f6": 1}
    assert command("verify", "--store", store).status == 0
    shown = command("extract", file, "--list", "--json")
    assert (shown.status, len(shown.json["problems"])) == (1, 2)


def test_where_all_is_damaged_nothing_is_made(command: Command, store: Path, tmp_path: Path) -> None:
    config = home(tmp_path / "config", {LAMP: [b"lamp"]})
    for path in (config / STORE / LAMP.folder).glob("backup_*.json"):
        path.write_bytes(b"damaged")
    answer = command("extract", snapshot(tmp_path / "damaged.tar", config), "--to", store, "--json")
    assert (answer.status, answer.json["devices"], bool(answer.json["problems"])) == (1, [], True)
    assert not store.exists()


def test_other_stores_are_named(command: Command, config: Path, store: Path, tmp_path: Path) -> None:
    asyncio.run(fill(config / "old", {STAIRS: [b"old"]}))
    asyncio.run(fill(tmp_path / "share/second", {LAMP: [b"copied"]}))
    file = snapshot(tmp_path / "both.tar", config, share=tmp_path / "share")
    answer = command("extract", file, "--to", store)
    assert (answer.status, sorted(answer.errors.splitlines())) == (
        0,
        [
            "There is another store of backups in it, which is left alone: homeassistant/data/old",
            "There is another store of backups in it, which is left alone: share/second",
        ],
    )
    assert stored(store) == stored(config / STORE)


def test_a_device_that_is_not_in_it(command: Command, taken: Path, store: Path) -> None:
    answer = command("extract", taken, "--to", store, "--device", "wled:other", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "backup_not_found")
    assert not store.exists()


def test_a_device_that_only_a_copy_holds(command: Command, config: Path, store: Path, tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "share", {OTHER: [b"copied"]}))
    file = snapshot(tmp_path / "both.tar", config, share=tmp_path / "share")
    answer = command("extract", file, "--to", store, "--device", OTHER)
    assert (answer.status, "from share:" in answer.output) == (0, True)
    assert listed(command, store) == {str(OTHER): 1}


def test_an_empty_store(command: Command, store: Path, tmp_path: Path) -> None:
    file = snapshot(tmp_path / "empty.tar", home(tmp_path / "config", {}))
    answer = command("extract", file, "--to", store, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "snapshot")
    asyncio.run(fill(tmp_path / "share", HOME))
    answer = command("extract", snapshot(file, tmp_path / "config", share=tmp_path / "share"), "--to", store)
    assert (answer.status, "from share:" in answer.output) == (0, True)


def test_wrong_usage(command: Command, taken: Path, store: Path, tmp_path: Path) -> None:
    for arguments in (
        (taken,),
        (taken, "--to", store, "--list"),
        (taken, "--to", store, "--device", "wled"),
        (tmp_path / "none.tar", "--to", store),
        (taken, "--to", store, "--password", f"@{tmp_path / 'none'}"),
    ):
        assert command("extract", *arguments).status == 2
    assert not store.exists()


def claiming(size: int, name: str) -> bytes:
    """Return a tar file whose file claims a size."""
    header = bytearray(tarfile.TarInfo(name).tobuf())
    header[124:136] = b"\x80" + size.to_bytes(11)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


MANY = tarfile.TarInfo("data/www/picture.jpg").tobuf() * 20_000 + bytes(1024)
HOSTILE = {
    "no backup": b"photo" * 1000,
    "empty": b"",
    "claims 4 TB": claiming(4 << 40, "homeassistant.tar"),
    "claims 4 TB inside": {"homeassistant.tar.gz": gzip.compress(claiming(4 << 40, "data/large.db") + bytes(1024))},
    "claims 4 TB in a store": {
        "homeassistant.tar": claiming(4 << 40, f"data/{STORE}/wled-a/backup_2025-01-01_00-00-00.json")
    },
    "many members": MANY,
    "many members inside": {"homeassistant.tar.gz": gzip.compress(MANY, 1)},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_ones_end_in_one_line(
    content: bytes | dict[str, bytes], command: Command, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.tar"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        plain_tar(file, content)
    answer = command("extract", file, "--to", store)
    assert (answer.status, answer.output, len(answer.errors.splitlines())) == (1, "", 1)
    assert not store.exists()


def test_many_problems_are_counted(command: Command, store: Path, tmp_path: Path) -> None:
    files = {f"data/{STORE}/{LAMP.folder}/backup_2025-01-01_00-00-00_{number}.json": b"x" for number in range(2, 300)}
    written = io.BytesIO()
    plain_tar(written, files)
    plain_tar(tmp_path / "many.tar", {"homeassistant.tar.gz": gzip.compress(written.getvalue())})
    answer = command("extract", tmp_path / "many.tar", "--to", store)
    assert (answer.status, len(answer.errors.splitlines())) == (1, 21)
    assert not store.exists()


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_in_the_middle_leaves_whole_backups(
    seed: int, command: Command, store: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    chance = random.Random(seed)
    contents = {STAIRS: [chance.randbytes(20_000) for _ in range(60)], LAMP: [b"lamp"]}
    config = home(tmp_path / "config", contents)
    file = snapshot(tmp_path / "snapshot.tar", config)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    wanted = chance.randint(1, 50)
    alone = environment | {"TMPDIR": str(temporary)}
    with STARTER.start(MODULE, "extract", str(file), "--to", str(store), environment=alone) as process:
        folder = store / STAIRS.folder
        while process.poll() is None and (not folder.is_dir() or len(list(folder.iterdir())) < wanted):
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    if store.exists():
        answer = command("verify", "--store", store, "--json")
        assert {problem["kind"] for problem in answer.json["problems"]} <= {"meta_missing"}
    assert command("extract", file, "--to", store).status == 0
    assert command("verify", "--store", store).status == 0
    assert stored(store) == stored(config / STORE)


def test_what_came_out_is_put_back(command: Command, config: Path, taken: Path, store: Path) -> None:
    command("extract", taken, "--to", store)
    path = max(store.glob(f"{STAIRS.folder}/backup_*0.json"))
    document = command("restore", path, "--set", "host=127.0.0.1", "--set", "port=1", "--json").json
    assert (document["backup"]["path"], document["error"]["code"]) == (str(path), "cannot_connect")
    assert json.loads(path.read_bytes()) == {"name": "b"}
