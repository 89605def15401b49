"""Files that a person hands in: known by what they are, and recorded with what they tell of themselves."""

import io
import zipfile
from datetime import datetime

import pytest

from ha_device_backup_core import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError, UnusableFileError
from ha_device_backup_core.manager.import_job import artifact_of_file
from ha_device_backup_core.testing import Fetched, run_import
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.files import EXPORT
from ha_device_backup_fritzbox.origin import same_model
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import SERIAL, as_told, fetch
from .exports import VECTOR

OTHER = (
    VECTOR.replace(b"FRITZ!Box 7590", b"FRITZ!Box 9999")
    .replace(b"154.08.02", b"999.06.83")
    .replace(b"Thu Jan  1 01:06:16 1970", b"Mon Jan  2 03:04:05 2017")
)


async def import_file(content: bytes, name: str = "box.export", model: str | None = "FRITZ!Box 7590") -> Fetched:
    device = DeviceInfo(unique_id=SERIAL, name="FRITZ!Box", model=model, version="8.20")
    artifact = artifact_of_file(name, content)
    return await run_import(FritzBoxHandler, artifact, device, unique_id=SERIAL)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return what a computer packs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


async def test_the_record_tells_of_the_file_and_not_of_the_box_as_it_is_today() -> None:
    fetched = await import_file(OTHER, model=None)
    assert (fetched.device.model, fetched.device.version) == ("FRITZ!Box 9999", "6.83")
    assert fetched.made_at == datetime(2017, 1, 2, 3, 4, 5).astimezone()


async def test_an_export_of_another_model_is_refused() -> None:
    with pytest.raises(ForeignFileError) as caught:
        await import_file(OTHER)
    assert caught.value.detail_in() == "It is of a FRITZ!Box 9999; this device is a FRITZ!Box 7590."
    assert (await import_file(VECTOR)).device.model == "FRITZ!Box 7590"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("FRITZ!Box 7590", "FRITZ!Box 7590", True),
        ("FRITZ!Box 7590", "FRITZ!Box 7590 (UI)", True),
        ("FRITZ!Box Fon WLAN 7390", "FRITZ!Box 7390", True),
        ("FRITZ!Box 6490 Cable", "FRITZ!Box 6490 Cable (kdg)", True),
        ("FRITZ!WLAN Repeater 1750E", "FRITZ!Repeater 1750E", True),
        ("FRITZ!Box 7590", "FRITZ!Box 7590 AX", False),
        ("FRITZ!Box 7490", "FRITZ!Box 7590", False),
        ("FRITZ!Box 6000", "FRITZ!Repeater 6000", False),
        ("FRITZ!Box 1750E", "FRITZ!Box 1750", False),
    ],
)
def test_models_are_told_apart_by_what_is_their_own(one: str, other: str, *, same: bool) -> None:
    assert same_model(one, other) is same


@pytest.mark.parametrize("name", ["FRITZ.Box 7590 154.07.27_17.06.21_0956 (1).export", "box.export.txt", "my router"])
async def test_an_export_may_have_any_name(name: str) -> None:
    fetched = await import_file(VECTOR, name)
    assert (fetched.doubts, fetched.made_at, fetched.device.version) == ((), None, "8.02")


@pytest.mark.parametrize(
    "files",
    [
        {"box.export": VECTOR},
        {"Backups/2024/box (1).export": VECTOR, "Backups/": b""},
        {"box.export": VECTOR, "readme.txt": b"Kept for the worst day."},
        {"box.export": VECTOR, "__MACOSX/._box.export": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1"},
        {"box": VECTOR, "desktop.ini": b"[.ShellClassInfo]"},
        {"box.txt": VECTOR, "old.export": b"cut"},
    ],
)
async def test_an_export_in_a_zip_is_the_one_beside_which_nothing_counts(files: dict[str, bytes]) -> None:
    fetched = await import_file(zipped({name: content for name, content in files.items() if not name.endswith("/")}))
    assert (fetched.doubts, fetched.remarks) == ((), ())
    assert fetched.fingerprint == (await import_file(VECTOR)).fingerprint
    assert list(FritzBoxHandler.redact(fetched.artifact)) == [EXPORT]
    assert FritzBoxHandler.configured(fetched.artifact) is None
    assert FritzBoxHandler.owner(fetched.artifact) is None


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        ({"readme.txt": b"no export"}, "The export of the settings is missing in it, and nothing says why."),
        ({"a.export": VECTOR, "b.export": VECTOR}, "It holds more than one export."),
        ({"a.export": VECTOR[:100]}, "The export is cut off: its last line is missing."),
        ({"a.export": b"<html>"}, "It is a web page, not the export of the settings."),
    ],
)
async def test_a_zip_without_one_whole_export_is_refused(files: dict[str, bytes], detail: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        await import_file(zipped(files))
    assert caught.value.detail_in() == detail
    await import_file(zipped({"a.export": VECTOR}))


async def test_a_backup_that_was_downloaded_is_taken_again(fritz: SimulatedFritzBox) -> None:
    fritz.box.configuration.written_at = "Sat Jan 10 12:{minute:02}:{second:02} 2026"
    first = await fetch(fritz)
    again = await import_file(first.artifact.content, "fritzbox.zip")
    assert (again.fingerprint, again.device.version) == (first.fingerprint, "8.02")
    assert again.made_at is not None
    assert again.made_at.date().isoformat() == "2026-01-10"
    assert first.made_at is None


async def test_lists_without_the_settings_tell_nothing(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = True
    artifact = (await fetch(fritz)).artifact
    assert FritzBoxHandler.describe(artifact, DeviceInfo(unique_id=SERIAL, name="x")) is None


async def test_the_list_beside_an_export_is_a_remark_at_most() -> None:
    files = {
        "box.export": VECTOR,
        "device.json": b"{}",
        "phonebook-0.xml": b"<phonebooks>",
        "deflections.xml": b"<List/>",
    }
    fetched = await import_file(zipped(files))
    assert fetched.doubts == ()
    assert as_told(fetched.remarks) == [
        ("list_broken:phonebook-0.xml", "phonebook-0.xml is no whole list. The rest of the backup is good.")
    ]


def test_a_record_that_is_too_long_is_none() -> None:
    artifact = Artifact.bundle({"box.export": VECTOR, "device.json": b'{"serial": "' + b"1" * 100_000 + b'"}'})
    assert FritzBoxHandler.owner(artifact) is None
