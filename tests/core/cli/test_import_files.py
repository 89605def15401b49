"""Files that people have become backups of the devices that they are of."""

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .conftest import Command

MAC = "a0b1c2d3e4f5"
RECORDINGS = Path(__file__).parents[2] / "handlers_wled" / "recordings"
SETTINGS = b'{"name": "by hand"}'


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the example handler know its files, and whose they are where they say it."""

    def owner(_: object, artifact: Artifact) -> str | None:
        found = json.loads(next(iter(artifact.files().values())))
        return str(found["owner"]) if "owner" in found else None

    monkeypatch.setattr(
        ExampleHandler, "recognizes", classmethod(lambda _, artifact: artifact.content[:7] == b'{"name"')
    )
    monkeypatch.setattr(ExampleHandler, "owner", classmethod(owner))


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_file_becomes_a_backup(
    command: Command, device: ExampleDevice, login: list[str], store: Path, tmp_path: Path
) -> None:
    first = command("back-up", "example", *login, "--store", store, "--json").json["backup"]
    file = written(tmp_path / "config.json", SETTINGS)
    where = ["--store", store, "--unique-id", "a1", "--made-at", "2024-05-01T12:00:00"]
    answer = command("import", file, *where, "--json")
    assert answer.status == 0
    (document,) = answer.json["files"]
    backup = document.pop("backup")
    assert document == {
        "paths": [str(file)],
        "outcome": "stored",
        "kind": "example",
        "unique_id": "a1",
        "title": "Kitchen",
        "error": None,
    }
    assert (backup["id"], Path(backup["path"]).read_bytes()) == ("2024-05-01_12-00-00", SETTINGS)
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert [(kept["id"], kept["trigger"]) for kept in listed["backups"]] == [
        (first["id"], "manual"),
        (backup["id"], "imported"),
    ]
    again = command("import", file, *where)
    assert again.output == f"{file}: Kitchen: unchanged, 2024-05-01_12-00-00, complete\n1 taken, 0 not.\n"


def test_the_time_that_is_said_may_have_a_zone(command: Command, store: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "config.json", SETTINGS)
    where = ["--store", store, "--unique-id", "a1", "--json"]
    for odd in ("2931-01-01", "1969-12-31T23:59:59", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert (command("import", file, *where, "--made-at", odd).status, store.exists()) == (2, False)
    (document,) = command("import", file, *where, "--made-at", "2024-05-01T12:00:00+02:00").json["files"]
    assert document["backup"]["taken_at"] == "2024-05-01T10:00:00+00:00"


def test_a_file_that_tells_its_device_needs_no_identity(command: Command, store: Path, tmp_path: Path) -> None:
    for owner in ("b2", "c3"):
        written(tmp_path / "in" / f"{owner}.json", json.dumps({"name": owner, "owner": owner}).encode())
    answer = command("import", tmp_path / "in", "--store", store, "--unique-id", "other")
    assert answer.status == 0
    assert [line.partition(": ")[2].partition(",")[0] for line in answer.output.splitlines()[:2]] == [
        "Example b2: stored",
        "Example c3: stored",
    ]


def test_each_file_that_is_not_taken_is_named_with_the_reason(command: Command, store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    written(folder / "a" / "good.json", b'{"name": "x", "owner": "a1"}')
    written(folder / "b" / "cut.json", b'{"name": "x"')
    written(folder / "b" / "notes.txt", b"Bought in spring.")
    written(folder / "b" / "gone.json.meta.json", b"{}")
    written(folder / "device.json", b"{}")
    written(folder / "empty.json", b"")
    written(folder / "whose.json", SETTINGS)
    (folder / "link.json").symlink_to(folder / "whose.json")
    with (folder / "large.json").open("wb") as large:
        large.truncate(64 * 1024 * 1024 + 1)
    written(folder / "b" / "packed.zip", packed({"a": b"1"})[:20])
    answer = command("import", folder, "--store", store)
    assert answer.status == 0
    assert answer.output.splitlines()[-1] == "1 taken, 9 not."
    assert answer.errors.splitlines() == [
        f"{folder}/device.json: not taken. It belongs to a store of backups and is none itself.",
        f"{folder}/empty.json: not taken. It is empty.",
        f"{folder}/large.json: not taken. It is larger than 64 MiB, more than any backup can be.",
        f"{folder}/link.json: not taken. It is a symbolic link.",
        f"{folder}/whose.json: not taken. It is of Example, but does not tell of which device. Say it by --unique-id.",
        f"{folder}/b/cut.json: not taken. It is of Example, but cannot be used: cut.json is no JSON.",
        f"{folder}/b/gone.json.meta.json: not taken. The file that it describes is missing.",
        f"{folder}/b/notes.txt: not taken. None of the installed packages knows what it is.",
        f"{folder}/b/packed.zip: not taken. packed.zip is not a readable zip file.",
    ]
    (stored,) = command("list", "--store", store, "--json").json["devices"]
    assert stored["unique_id"] == "a1"


def test_nothing_taken_is_a_failure(command: Command, store: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "page.html", b"<html>")
    answer = command("import", file, "--store", store, "--unique-id", "a1", "--json")
    assert answer.status == 1
    (document,) = answer.json["files"]
    assert (document["outcome"], document["backup"], document["error"]["code"]) == ("failed", None, "unusable_file")
    assert not store.exists()
    assert command("import", tmp_path / "nowhere", "--store", store).status == 2
    file.write_bytes(SETTINGS)
    assert command("import", file, "--store", store, "--unique-id", "a1").status == 0


def test_exports_are_taken_with_what_stands_beside_them(
    command: Command, device: ExampleDevice, login: list[str], store: Path, tmp_path: Path
) -> None:
    """A store is a folder of exports, too; what was damaged since is told."""
    for content in (b'{"name": "old"}', b'{"name": "new"}'):
        device.config = content
        command("back-up", "example", *login, "--store", store)
    other = tmp_path / "other"
    taken = command("import", store, "--store", other, "--json").json["files"]
    assert [(file["outcome"], file["title"]) for file in taken[:2]] == [("stored", "Kitchen")] * 2
    before, after = (command("list", "--store", root, "--json").json["devices"][0] for root in (store, other))
    assert [backup["id"] for backup in after["backups"]] == [backup["id"] for backup in before["backups"]]

    newest = Path(before["backups"][0]["path"])
    (by_meta,) = command("import", f"{newest}.meta.json", "--store", other, "--json").json["files"]
    assert (by_meta["paths"], by_meta["outcome"]) == ([str(newest)], "unchanged")
    newest.write_bytes(b'{"name": "bad"}')
    third = command("import", newest.parent, "--store", tmp_path / "third")
    assert f"{newest}: not taken. {newest.name}: Its file is not what was stored." in third.errors
    assert third.output.splitlines()[-1] == "1 taken, 2 not."


def test_the_data_of_tasmobackup(command: Command, store: Path, tmp_path: Path) -> None:
    """Its folders bear the names of the devices, its files their identities, versions and times."""
    settings, presets = (next(RECORDINGS.rglob(name)).read_bytes() for name in ("cfg.json", "presets.json"))
    data = tmp_path / "data"
    written(
        data / "backups" / "Stairs" / f"{MAC.upper()}-2024-03-01_04_05_06-v0_15_0.zip",
        packed({"cfg.json": settings, "presets.json": presets}),
    )
    written(data / "tasmobackupdb.sqlite3", b"SQLite format 3\0")
    answer = command("import", data, "--store", store, "--json")
    assert answer.status == 0
    taken, refused = answer.json["files"]
    assert (taken["kind"], taken["unique_id"], taken["title"], taken["outcome"]) == ("wled", MAC, "Stairs", "stored")
    assert refused["paths"] == [str(data / "tasmobackupdb.sqlite3")]
    (device,) = command("list", "--store", store, "--json").json["devices"]
    (backup,) = device["backups"]
    assert backup["device"]["version"] == "0.15.0"
    assert backup["taken_at"].startswith("2024-0")


def test_settings_and_presets_of_one_call_belong_together(command: Command, store: Path, tmp_path: Path) -> None:
    settings, presets = (next(RECORDINGS.rglob(name)).read_bytes() for name in ("cfg.json", "presets.json"))
    one = written(tmp_path / "a" / "wled_cfg_Stairs.json", settings)
    other = written(tmp_path / "b" / "wled_presets_Stairs.json", presets)
    answer = command("import", other, one, "--store", store, "--unique-id", MAC, "--json")
    (document,) = answer.json["files"]
    assert sorted(document["paths"]) == [str(one), str(other)]
    with zipfile.ZipFile(document["backup"]["path"]) as archive:
        assert {archive.read(name) for name in archive.namelist()} == {settings, presets}

    copy = Path(shutil.copy(one, tmp_path / "a" / "wled_cfg_Stairs (1).json"))
    copy.write_bytes(settings + b" ")
    ambiguous = command("import", tmp_path / "a", tmp_path / "b", "--store", tmp_path / "third", "--unique-id", MAC)
    assert ambiguous.output.splitlines()[-1] == "3 taken, 0 not."


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        ("cfg Stairs, presets Stairs, cfg Stairs (1), presets Stairs (1)", 2),
        ("cfg Stairs, presets Stairs, cfg Hall, presets Hall", 2),
        (
            "c 2024-01-01_10-00-00, presets 2024-01-01_10-00-02, c 2024-02-01_10-00-00, presets 2024-02-01_10-00-03",
            2,
        ),
        ("cfg_2024-01-01_10-00-00, presets_2024-02-01_10-00-00", 0),
        ("a, b presets", 1),
        ("a, b, presets c", 0),
    ],
)
def test_of_many_those_belong_together_that_were_saved_together(
    command: Command, store: Path, tmp_path: Path, names: str, pairs: int
) -> None:
    settings, presets = (next(RECORDINGS.rglob(name)).read_bytes() for name in ("cfg.json", "presets.json"))
    listed = names.split(", ")
    for number, name in enumerate(listed):
        content = presets if "presets" in name else settings
        written(tmp_path / "in" / f"wled_{name}.json", content + b" " * number)
    files = command("import", tmp_path / "in", "--store", store, "--unique-id", MAC, "--json").json["files"]
    assert sorted(len(file["paths"]) for file in files) == [1] * (len(listed) - 2 * pairs) + [2] * pairs


def test_the_content_of_a_file_says_what_it_is_whatever_its_name(command: Command, store: Path, tmp_path: Path) -> None:
    settings, presets = (next(RECORDINGS.rglob(name)).read_bytes() for name in ("cfg.json", "presets.json"))
    written(tmp_path / "in" / "presets.json", settings)
    written(tmp_path / "in" / "cfg.json", presets)
    answer = command("import", tmp_path / "in", "--store", store, "--unique-id", MAC)
    assert answer.output.splitlines()[-1] == "2 taken, 0 not."
    assert "It holds only settings, no presets." in answer.output
    assert "cannot be used" not in answer.errors


def test_a_file_that_is_named_in_two_ways_is_taken_once(command: Command, store: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "in" / "deep" / "a.json", b'{"name": "x", "owner": "a1"}')
    (tmp_path / "link").symlink_to(tmp_path / "in")
    ways = [tmp_path / "in", file.parent / ".." / "deep" / "a.json", tmp_path / "link" / "deep"]
    assert command("import", *ways, "--store", store).output.splitlines()[-1] == "1 taken, 0 not."


def test_files_are_named_where_the_store_cannot_be_written(command: Command, store: Path, tmp_path: Path) -> None:
    notes = written(tmp_path / "in" / "notes.txt", b"Bought in spring.")
    written(tmp_path / "in" / "a.json", b'{"name": "x", "owner": "a1"}')
    written(store / "letter.txt", b"Dear")
    answer = command("import", notes.parent, "--store", store)
    assert answer.status == 1
    assert answer.errors.startswith(f"{notes}: not taken. None of the installed packages knows what it is.\n")
    programs = command("import", notes.parent, "--store", store, "--json")
    assert [file["paths"] for file in programs.json["files"]] == [[str(notes)]]
    assert programs.json["error"]["code"] == "store"


def test_an_identity_that_is_given_is_that_of_one_kind(command: Command, store: Path, tmp_path: Path) -> None:
    settings = written(tmp_path / "cfg.json", next(RECORDINGS.rglob("cfg.json")).read_bytes())
    other = written(tmp_path / "other.json", SETTINGS)
    answer = command("import", settings, other, "--store", store, "--unique-id", MAC)
    assert answer.status == 1
    assert answer.errors.count("are of several kinds: WLED, Example. Import each by itself.") == 2
    assert command("import", settings, "--store", store, "--unique-id", MAC).status == 0
    assert command("import", other, "--store", store, "--unique-id", MAC).status == 0


def test_only_an_identity_that_such_a_device_can_have(command: Command, store: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "lamp.json", SETTINGS)
    for unique_id in (" a1", "a\n1", "x" * 256):
        answer = command("import", file, "--store", store, "--unique-id", unique_id)
        assert (answer.status, "nothing that such a device can have" in answer.errors) == (1, True), unique_id
    assert not store.exists()
    assert command("import", file, "--store", store, "--unique-id", "a1").status == 0
