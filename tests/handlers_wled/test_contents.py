"""Files that a person hands in are known by what is in them, and what is no file of a controller stays away from it."""

import io
import json
import zipfile

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.contents import contents
from ha_device_backup_wled.translation import _
from tests.simulators.wled import SimulatedWled

from .artifacts import RECORD, artifact, files
from .conftest import MAC, fetch, files_of, plan, restore

GOOD = files()
CFG, PRESETS = GOOD["cfg.json"], GOOD["presets.json"]
JUNK = {
    ".DS_Store": b"\x00\x00\x00\x01Bud1",
    "__MACOSX/._cfg.json": b"\x00\x05\x16\x07",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "desktop.ini": b"[.ShellClassInfo]",
    "README.md": b"# My lamps",
    "readme": b"my lamps",
    "notes.txt": b"bought 2023",
    "firmware.bin": b"\xe9",
    "WLED_0.15.0_ESP32.bin.gz": b"\x1f\x8b",
    "photo.heic": b"x",
}


@pytest.mark.parametrize(
    "name", ["wled_cfg_Test lamp.json", "cfg.json", "cfg (1).json", "config", "wled_cfg_測試　照明.json"]
)
def test_a_configuration_is_known_by_its_content(name: str) -> None:
    one = Artifact(filename=name, content=CFG)
    assert contents(one).files == {"cfg.json": CFG}
    assert [note.code for note in WledHandler.validate(one)] == ["origin_unknown", "presets_absent"]
    assert WledHandler.normalize(one).keys() == {"cfg.json"}


@pytest.mark.parametrize("name", ["wled_presets_Test lamp.json", "presets.json", "presets (2).json"])
def test_presets_alone_are_a_partial_backup(name: str) -> None:
    one = Artifact(filename=name, content=PRESETS)
    assert contents(one).files == {"presets.json": PRESETS}
    assert [note.code for note in WledHandler.validate(one)] == ["configuration_absent", "origin_unknown"]
    assert WledHandler.normalize(one) == WledHandler.normalize(Artifact(filename="presets.json", content=PRESETS))


@pytest.mark.parametrize("content", [b"", b"name: kitchen\nmode: on\n", b"{}", b'{"a":1}', b"[1]", b"<html>", CFG[:99]])
@pytest.mark.parametrize("name", ["cfg.json", "presets.json", "wled_cfg_Lamp.json", "a.txt"])
def test_another_file_is_refused_by_its_name(name: str, content: bytes) -> None:
    if (name, content) == ("presets.json", b"{}"):
        pytest.skip("presets without any")
    with pytest.raises(InvalidArtifactError) as caught:
        WledHandler.validate(Artifact(filename=name, content=content))
    assert name in caught.value.detail_in("en")


@pytest.mark.parametrize("folder", ["", "Lamp/", "backups/2026/Lamp/"])
def test_both_downloads_in_a_zip_or_in_a_zipped_folder(folder: str) -> None:
    packed = {f"{folder}wled_cfg_Lamp.json": CFG, f"{folder}wled_presets_Lamp.json": PRESETS}
    both = Artifact.bundle({**packed, **{f"{folder}{name}": data for name, data in JUNK.items()}})
    assert contents(both).files == {"cfg.json": CFG, "presets.json": PRESETS}
    assert [note.code for note in WledHandler.validate(both)] == ["origin_unknown"]
    assert WledHandler.redact(both).keys() == {"cfg.json", "presets.json"}


def test_all_files_of_an_editor_in_a_zip_are_taken_under_their_names() -> None:
    device = {name: data for name, data in GOOD.items() if name not in {RECORD, "my-security.txt"}}
    assert contents(Artifact.bundle(device | JUNK)).files == device
    assert set(contents(Artifact.bundle(device | JUNK)).left_aside) == JUNK.keys()


def test_the_exact_name_wins_and_the_copy_is_left_aside() -> None:
    other = json.dumps({**json.loads(CFG), "vid": 1}).encode()
    held = contents(Artifact.bundle({"cfg.json": CFG, "cfg (1).json": other}))
    assert (held.files, held.left_aside) == ({"cfg.json": CFG}, ("cfg (1).json",))


def test_two_configurations_that_differ_are_refused_and_equal_ones_are_one() -> None:
    other = json.dumps({**json.loads(CFG), "vid": 1}).encode()
    with pytest.raises(InvalidArtifactError, match=r"a\.json, b\.json"):
        WledHandler.validate(Artifact.bundle({"a.json": CFG, "b.json": other}))
    assert contents(Artifact.bundle({"a.json": CFG, "b.json": CFG})).files == {"cfg.json": CFG}


def test_the_remote_control_is_no_preset() -> None:
    assert contents(Artifact.bundle({"cfg.json": CFG, "my.json": GOOD["remote.json"]})).files.keys() == {
        "cfg.json",
        "my.json",
    }


def test_an_own_backup_that_was_unpacked_and_packed_again_still_tells_its_controller() -> None:
    own = artifact(GOOD)
    again = Artifact.bundle({f"wled-{MAC}/{name}": data for name, data in own.files().items()} | JUNK)
    assert WledHandler.owner(again) == MAC
    assert WledHandler.validate(again) == ()
    assert WledHandler.normalize(again) == WledHandler.normalize(own)
    assert set(contents(again).left_aside) == JUNK.keys()


def test_a_zip_as_a_computer_makes_it_has_folders_too() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("Lamp/", b"")
        packed.writestr("Lamp/cfg.json", CFG)
    made = Artifact(filename="Lamp.zip", content=buffer.getvalue(), media_type="application/zip")
    assert contents(made).files == {"cfg.json": CFG}


async def test_junk_never_goes_to_a_controller_and_presets_alone_change_nothing_else() -> None:
    async with SimulatedWled() as wled:
        whole = (await fetch(wled)).artifact
        before = wled.device.user_files
        wled.device.save_preset(9, {"n": "Later"})
        imported = Artifact.bundle({"presets.json": files_of(whole)["presets.json"], **JUNK})
        planned = await plan(wled, imported)
        assert [file.name for file in planned.files] == ["presets.json"]
        assert planned.refused == (
            _(
                "Not put back, because no file of a controller: {files}.",
                files=".DS_Store, README.md, Thumbs.db, WLED_0.15.0_ESP32.bin.gz, __MACOSX/._cfg.json, desktop.ini,"
                " firmware.bin, notes.txt …",
            ),
            _("The backup holds no settings; those of the controller stay as they are."),
        )
        assert not planned.restarts
        report = await restore(wled, imported)
        assert wled.device.user_files == before
        assert wled.restarts == 0
        assert report.proven == (_("Files that are on the controller as in the backup: {count}.", count=1),)
        assert report.needs == planned.refused


@pytest.mark.parametrize(
    "sections",
    [
        {"id": {"name": "Bulb"}, "hw": {"led": {"ins": []}}},
        {"hw": {"led": {"total": 30}}},
        {"nw": {"ins": [{"ssid": "home"}]}},
        {"rev": [1, 0], "vid": 2508020, "id": {}, "light": {}},
    ],
)
async def test_a_configuration_with_few_sections_is_one_and_keeps_the_controller_in_its_network(
    sections: dict[str, object],
) -> None:
    content = json.dumps(sections).encode()
    assert contents(Artifact(filename="x.json", content=content)).files == {"cfg.json": content}
    async with SimulatedWled() as wled:
        assert (await restore(wled, Artifact(filename="x.json", content=content))).proven
        assert wled.device.on_network


ONE_MAP, OTHER_MAP = b'{"map":[0,1]}', b'{"map":[1,0]}'
OTHER_CONFIGURATION = json.dumps(json.loads(files()["cfg.json"]) | {"id": {"name": "Other"}}).encode()


def packed(*names: str, **others: bytes) -> dict[str, bytes]:
    """Return what is found in a zip with the good settings, presets and maps under these names."""
    good = files()
    kinds = {"cfg": good["cfg.json"], "presets": good["presets.json"], "ledmap": ONE_MAP}
    chosen = {name: next(data for kind, data in kinds.items() if kind in name.lower()) for name in names}
    return dict(contents(Artifact.bundle(chosen | others, filename="mine.zip")).files)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("CFG.JSON", "Presets.Json"), {"cfg.json", "presets.json"}),
        (("cfg.json.txt", "presets.txt"), {"cfg.json", "presets.json"}),
        (("wled_cfg_Lamp", "wled_presets_Lamp"), {"cfg.json", "presets.json"}),
        (("cfg.json.bak",), {"cfg.json"}),
        (("cfg.json", "LEDMAP.json"), {"cfg.json", "ledmap.json"}),
        (("cfg.json", "ledmap (1).json"), {"cfg.json", "ledmap.json"}),
        (("cfg.json", "ledmap2(3).json"), {"cfg.json", "ledmap2.json"}),
        (("a/cfg.json", "b/cfg.json"), {"cfg.json"}),
    ],
)
def test_a_file_has_the_name_that_the_firmware_looks_for(names: tuple[str, ...], found: set[str]) -> None:
    assert packed(*names).keys() == found


def test_a_copy_gives_way_to_the_file_itself() -> None:
    assert packed("ledmap.json", **{"ledmap (1).json": OTHER_MAP})["ledmap.json"] == ONE_MAP
    assert packed("cfg.json", **{"cfg.json.bak": OTHER_CONFIGURATION}).keys() == {"cfg.json"}
    assert packed("cfg.json", **{"old/cfg.json": OTHER_CONFIGURATION})["cfg.json"] == files()["cfg.json"]


@pytest.mark.parametrize(
    ("name", "other", "content"),
    [
        ("kitchen/cfg.json", "shelf/cfg.json", OTHER_CONFIGURATION),
        ("a/b/presets.json", "a/c/presets.json", b'{"0":{},"9":{"n":"Other","on":true}}'),
        ("a/ledmap.json", "b/ledmap.json", OTHER_MAP),
        ("ledmap (1).json", "ledmap (2).json", OTHER_MAP),
    ],
)
def test_files_of_several_controllers_are_told_apart_by_the_person(name: str, other: str, content: bytes) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        packed(name, **{other: content})
    assert name in str(caught.value)
    assert other in str(caught.value)
    assert len(packed(name)) == 1


def test_two_backups_side_by_side_are_told_apart_by_the_person() -> None:
    one = files() | {".device-backup/files.json": b"{}"}
    other = one | {"cfg.json": OTHER_CONFIGURATION}
    both = {f"a/{name}": data for name, data in one.items()} | {f"b/{name}": data for name, data in other.items()}
    with pytest.raises(InvalidArtifactError):
        packed(**both)
    alike = {f"{folder}/{name}": data for folder in "ab" for name, data in one.items()}
    assert packed(**alike)["cfg.json"] == one["cfg.json"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b'{"files":[]}'),
        ("effects.json", b'["Solid"]'),
        ("lamp.json", b'{"ver":"0.15.0","vid":2412100,"leds":{"count":30}}'),
        ("lamp-state.json", b'{"on":true,"bri":128,"seg":[]}'),
        ("all.json", b'{"state":{},"info":{},"effects":[]}'),
        ("Read me.html", b"<html>"),
        ("lamp on the shelf.jpg", b"photo"),
    ],
)
def test_what_a_tool_or_a_person_put_beside_a_backup_stays_aside(name: str, content: bytes) -> None:
    held = contents(Artifact.bundle({"cfg.json": files()["cfg.json"], name: content}, filename="mine.zip"))
    assert held.files.keys() == {"cfg.json"}
    assert held.left_aside == (name,)


def test_a_picture_that_a_style_shows_is_of_the_controller() -> None:
    style = {"skin.css": b"body{background:url(/night.jpg)}", "night.jpg": b"picture", "me.jpg": b"photo"}
    assert packed("cfg.json", **style).keys() == {"cfg.json", "skin.css", "night.jpg"}


@pytest.mark.parametrize(
    "junk", ["#recycle/ledmap.json", "@eaDir/ir.json", ".Trash-1000/files/skin.css", "~$ledmap.json"]
)
def test_what_a_file_server_keeps_for_itself_goes_to_no_controller(junk: str) -> None:
    held = contents(Artifact.bundle({"cfg.json": b'{"id":{},"hw":{}}', junk: b"{}"}))
    assert (set(held.files), held.left_aside) == ({"cfg.json"}, (junk,))
