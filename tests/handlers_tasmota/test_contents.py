"""Files that people hand in, however they were zipped and named."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from ha_device_backup_core import Artifact, DeviceInfo, InvalidArtifactError
from ha_device_backup_core.errors import ForeignFileError, UnusableFileError
from ha_device_backup_core.manager.import_job import artifact_of_file
from ha_device_backup_core.testing import run_import
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.device_files import device_paths, mac_in_name, stored
from tests.simulators.tasmota import SimulatedTasmota

from .artifacts import DUMP, RECORD, SCRIPT, artifact, bare, dump, files
from .conftest import MAC, fetch, restore
from .test_restore import proven

DEVICE = DeviceInfo(unique_id=MAC, name="Lamp")
NAME = "Config_lamp_14.4.1.dmp"
JUNK = {
    ".DS_Store": b"\0\0\0\1Bud1",
    "__MACOSX/._config.dmp": b"\0\5\x16\7",
    "Thumbs.db": b"\xd0\xcf",
    "desktop.ini": b"[.ShellClassInfo]",
}


def zipped(members: Mapping[str, bytes]) -> Artifact:
    """Return a zip file as other programs make it, folders included."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return artifact_of_file("backup.zip", buffer.getvalue())


@pytest.mark.parametrize(
    "members",
    [
        {NAME: dump()},
        {NAME: dump(), "readme.txt": b"Lamp in the hall"},
        {NAME: dump(), "README.md": b"# Lamp", **JUNK},
        {"lamp/": b"", f"lamp/{NAME}": dump(), "__MACOSX/lamp/._x": b"?"},
        {"a/b/settings": dump(), "a/b/notes.txt": b"notes"},
        {"Config_lamp_14.4.1.dmp (1)": dump(), "liesmich.txt": b""},
        dict.fromkeys((NAME, f"copy of {NAME}"), dump()),
        {NAME: dump(), f"old/{NAME}": dump("8.5.1")},
        {DUMP: dump(), f"old/{DUMP}": dump("8.5.1"), "old/older/x": dump("12.5.0")},
        {f"lamp\\{NAME}": dump(), "lamp\\old\\": b"", "lamp\\readme.txt": b"x"},
    ],
)
def test_a_dump_in_a_zip_is_known_by_its_content(members: dict[str, bytes]) -> None:
    imported = zipped(members)
    assert [note.code for note in TasmotaHandler.validate(imported)] == ["origin_unknown"]
    assert TasmotaHandler.normalize(imported) == TasmotaHandler.normalize(bare(dump()))
    assert TasmotaHandler.redact(imported) == TasmotaHandler.redact(bare(dump()))
    assert TasmotaHandler.configured(imported) is True


@pytest.mark.parametrize("folder", ["", "tasmota-a0b1c2d3e4f5/"])
@pytest.mark.parametrize("between", ["/", "\\"])
def test_a_backup_that_was_unpacked_and_zipped_again_is_the_same(folder: str, between: str) -> None:
    members = {f"{folder}{name}": content for name, content in {**files(), **JUNK}.items()}
    again = zipped({name.replace("/", between): content for name, content in members.items()})
    assert TasmotaHandler.validate(again) == ()
    assert TasmotaHandler.owner(again) == MAC
    assert TasmotaHandler.normalize(again) == TasmotaHandler.normalize(artifact(files()))


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"one.dmp": dump(), "two.dmp": dump("8.5.1")},
            "It holds more than one .dmp file: one.dmp, two.dmp. Hand in each at the device it is of.",
        ),
        (
            {DUMP: dump(), "Config_shelf.dmp": dump("8.5.1")},
            "It holds more than one .dmp file: Config_shelf.dmp, config.dmp. Hand in each at the device it is of.",
        ),
        (
            {f"{mac}/{name}": content for mac in (MAC, "b" * 12) for name, content in files(mac=mac).items()},
            (
                f"It holds more than one .dmp file: {MAC}/config.dmp, {'b' * 12}/config.dmp. "
                "Hand in each at the device it is of."
            ),
        ),
        (
            {"lamp.dmp": b"<html>", "readme.txt": b"x"},
            "lamp.dmp is a web page, not the settings: a login page, perhaps.",
        ),
        (
            {"lamp.dmp": dump()[:3000], "readme.txt": b"x"},
            f"lamp.dmp has 3000 bytes of settings instead of {len(dump())}; it was cut off or changed.",
        ),
        ({"readme.txt": b"x", "notes.txt": b"y"}, f"{DUMP} is not in it."),
        ({RECORD: b"{}"}, f"{DUMP} is not in it."),
        ({"files/a.dmp": dump()}, f"{DUMP} is not in it."),
        (JUNK, f"{DUMP} is not in it."),
    ],
)
def test_what_is_no_backup_is_refused_with_the_reason(members: dict[str, bytes], text: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(zipped(members))
    assert caught.value.detail_in() == text


def test_folders_without_end_take_no_time() -> None:
    deep = {"x/" * 500 + name: dump() for name in (NAME, "copy.dmp")}
    assert [note.code for note in TasmotaHandler.validate(zipped(deep))] == ["origin_unknown"]
    wide = {f"{number}.txt": b"" for number in range(2000)}
    with pytest.raises(InvalidArtifactError):
        TasmotaHandler.validate(zipped(wide))


async def test_junk_never_goes_to_a_device() -> None:
    async with SimulatedTasmota() as tasmota:
        content = dict((await fetch(tasmota)).artifact.files())
        more = {f"files/{name}": junk for name, junk in JUNK.items()} | {"files/.extensions/._clock.tapp": b"?"}
        tasmota.device.wipe()
        report = await restore(tasmota, zipped({**content, **more, **JUNK, "readme.txt": b"x"}), None)
        assert report.proven == proven(tasmota)
        assert set(tasmota.device.files) == {"/autoexec.be", "/display.ini", "/.extensions/clock.tapp"}


async def test_a_file_whose_name_a_mac_wrote_in_another_form_is_the_same_file() -> None:
    async with SimulatedTasmota(extra_files={"/gr\u00f6\u00dfe.be": b"1"}) as tasmota:
        content = dict((await fetch(tasmota)).artifact.files())
        renamed = {name.replace("\u00f6", "o\u0308"): data for name, data in content.items()}
        before = dict(tasmota.device.files)
        report = await restore(tasmota, zipped(renamed))
        assert report.proven == proven(tasmota)
        assert tasmota.device.files == before


def test_the_form_of_a_name_makes_no_other_file_of_another() -> None:
    assert TasmotaHandler.normalize(artifact({**files(), "files/a\u00a0b": b"1"})) != TasmotaHandler.normalize(
        artifact({**files(), "files/a b": b"1"})
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/autoexec.be", "files/autoexec.be"),
        ("/100%.txt", "files/100%25.txt"),
        ("/K\udcfcche\u3000.be", "files/K%FCche\u3000.be"),
        ("/a%FC\u200d.be", "files/a%25FC\u200d.be"),
    ],
)
def test_every_name_of_a_device_can_be_stored_and_comes_back(path: str, name: str) -> None:
    assert stored(path) == name
    assert dict(device_paths(artifact({name: b"1"}).files())) == {path: b"1"}


@pytest.mark.parametrize(
    ("name", "mac"),
    [
        ("A0B1C2D3E4F5-2025-01-15_10_30_00-v14_4_1.dmp", MAC),
        ("A0B1C2D3E4F5-2025-01-15_10_30_00-v14_4_1 (1).dmp", MAC),
        ("A0B1C2D3E4F5-2025-01-15_10_30_00-v14_4_1.dmp (2)", MAC),
        ("a0b1c2d3e4f5-2025-01-15_10_30_00-v14_4_1.DMP", MAC),
        ("2025-01-15_10_30_00.dmp", None),
        ("A0B1C2D3E4F5-lamp.dmp", None),
    ],
)
def test_the_names_of_tasmobackup(name: str, mac: str | None) -> None:
    assert mac_in_name(name) == mac
    assert TasmotaHandler.owner(bare(dump(), name)) == mac
    assert TasmotaHandler.owner(zipped({name: dump(), "readme.txt": b"x"})) == mac


async def test_an_imported_zip_of_another_device_is_refused() -> None:
    name = "B0B1C2D3E4F5-2025-01-15_10_30_00-v14_4_1.dmp"
    imported = zipped({name: dump(), "readme.txt": b"x"})
    with pytest.raises(ForeignFileError):
        await run_import(TasmotaHandler, imported, DEVICE, unique_id=MAC)
    with pytest.raises(UnusableFileError):
        await run_import(TasmotaHandler, zipped(JUNK), DEVICE, unique_id=MAC)


def test_a_script_counts_wherever_the_folder_came_from() -> None:
    changed = zipped({f"x/{name}": content for name, content in {**files(), SCRIPT: b"print(1)"}.items()})
    assert TasmotaHandler.normalize(changed) != TasmotaHandler.normalize(artifact(files()))
