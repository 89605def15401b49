"""Backups of every firmware on every chip, with and without a PIN."""

import pytest

from ha_device_backup_core import AuthenticationError, DeviceInfo, Note
from ha_device_backup_core.testing import run_probe
from ha_device_backup_core.text import in_language
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.translation import _
from tests.simulators.wled import PIN, VERSIONS, Chip, SimulatedWled

from .conftest import CHIPS, MAC, assert_no_canary, config, fetch, files_of

LIST_DISABLED = _("This firmware gives no list of files: files with names of their own may be missing.")

PIN_VERSIONS = [version for version in VERSIONS if not version.startswith("0.13")]
UNKNOWN_WITHOUT_LIST = {"matrix sprite.gif", "my-security.txt", "winter+100%.bmp"}


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_backup_holds_every_file_byte_for_byte(version: str, chip: Chip) -> None:
    async with SimulatedWled(version, chip) as wled:
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files
        assert fetched.artifact.missing == ()
        assert fetched.doubts == ()
        assert wled.max_in_flight == 1
        assert_no_canary(fetched, WledHandler.redact(fetched.artifact))


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
async def test_the_device_is_described(version: str, chip: Chip) -> None:
    async with SimulatedWled(version, chip, name="Wohnzimmer") as wled:
        device = await run_probe(WledHandler, config(wled))
    assert device == DeviceInfo(
        unique_id=MAC,
        name="Wohnzimmer",
        manufacturer="WLED",
        model=chip.value.upper(),
        version=version,
        connections=(("mac", "a0:b1:c2:d3:e4:f5"),),
        configuration_url=f"http://127.0.0.1:{wled.port}",
    )


@pytest.mark.parametrize("version", PIN_VERSIONS)
async def test_a_locked_list_is_said_to_be_missing_and_known_names_are_tried(version: str) -> None:
    async with SimulatedWled(version, pin=PIN) as wled:
        fetched = await fetch(wled)
        everything = wled.device.user_files
        assert files_of(fetched.artifact) == {
            name: data for name, data in everything.items() if name not in UNKNOWN_WITHOUT_LIST
        }
        assert fetched.artifact.missing == (
            Note(
                code="file_list_unavailable",
                text=_(
                    "The list of files is locked by the settings PIN, which was not entered: files with names of"
                    " their own may be missing."
                ),
            ),
        )
        assert not any(method == "POST" for method, target in wled.requests)


@pytest.mark.parametrize("version", PIN_VERSIONS)
async def test_who_adds_a_locked_controller_is_told_what_its_backups_will_lack(version: str) -> None:
    async with SimulatedWled(version, pin=PIN, pin_cooldown=0.0) as wled:
        (notice,) = (await run_probe(WledHandler, config(wled))).notices
        assert notice.code == "file_list_unavailable"
        assert "PIN" in in_language(notice.text, "en")
        assert "Neu konfigurieren" in in_language(notice.text, "de")
        assert (await run_probe(WledHandler, config(wled, PIN))).notices == ()
        assert (await fetch(wled, PIN)).artifact.missing == ()


@pytest.mark.parametrize(
    ("version", "ota_lock", "said"),
    [("0.13.3", True, "The OTA lock of this"), ("0.15.5", False, "The firmware of this")],
)
async def test_what_else_keeps_the_list_closed_is_told_too(version: str, ota_lock: bool, said: str) -> None:
    async with SimulatedWled(version, ota_lock=ota_lock, has_editor=ota_lock) as wled:
        (notice,) = (await run_probe(WledHandler, config(wled))).notices
        assert in_language(notice.text, "en").startswith(said)
        assert [note.code for note in (await fetch(wled)).artifact.missing] == [notice.code]


async def test_a_list_that_does_not_come_keeps_nobody_from_adding_the_controller() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.drop = "/edit", 100
        assert (await run_probe(WledHandler, config(wled))).notices == ()
        wled.faults.drop = 0
        assert (await fetch(wled)).artifact.missing == ()


@pytest.mark.parametrize("version", PIN_VERSIONS)
async def test_the_pin_opens_the_list_and_the_settings_are_locked_again(version: str) -> None:
    async with SimulatedWled(version, pin=PIN, pin_cooldown=0.2) as wled:
        fetched = await fetch(wled, PIN)
        assert files_of(fetched.artifact) == wled.device.user_files
        assert fetched.artifact.missing == ()
        assert not wled.device.unlocked


async def test_settings_that_somebody_else_opened_stay_open() -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.0) as wled:
        wled.device.enter_pin(PIN)
        await fetch(wled, PIN)
        assert wled.device.unlocked
        assert ("POST", "/json/state") not in wled.requests


async def test_two_jobs_at_once_after_each_other_are_not_taken_for_a_wrong_pin() -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        await run_probe(WledHandler, config(wled, PIN))
        assert not wled.device.unlocked
        assert wled.device.pin_cooling_down
        fetched = await fetch(wled, PIN)
        assert fetched.artifact.missing == ()


async def test_a_wrong_pin_is_an_authentication_error_and_the_right_one_then_works() -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        with pytest.raises(AuthenticationError) as caught:
            await run_probe(WledHandler, config(wled, "0001"))
        assert caught.value.detail == _("The settings PIN is wrong.")
        assert "0001" not in str(caught.value)
        device = await run_probe(WledHandler, config(wled, PIN))
        assert device.unique_id == MAC


async def test_the_ota_lock_of_0_13_closes_the_list() -> None:
    async with SimulatedWled("0.13.3", ota_lock=True) as wled:
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (
            Note(
                code="file_list_unavailable",
                text=_(
                    "The list of files is closed by the OTA lock of this firmware: files with names of their own"
                    " may be missing."
                ),
            ),
        )
        assert files_of(fetched.artifact)["cfg.json"] == wled.device.user_files["cfg.json"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_build_without_the_editor_is_read_by_known_names(version: str) -> None:
    async with SimulatedWled(version, has_editor=False, pin="", extra_files={"ledmap7.json": b"{}"}) as wled:
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (Note(code="file_list_unavailable", text=LIST_DISABLED),)
        assert wled.device.user_files.keys() - files_of(fetched.artifact).keys() == UNKNOWN_WITHOUT_LIST


async def test_the_same_device_has_the_same_fingerprint_and_a_saved_preset_another() -> None:
    async with SimulatedWled() as wled:
        first, again = await fetch(wled), await fetch(wled)
        assert first.artifact.content != again.artifact.content or first.artifact == again.artifact
        assert first.fingerprint == again.fingerprint
        wled.device.save_preset(7, {"n": "New", "on": True})
        assert (await fetch(wled)).fingerprint != first.fingerprint


async def test_settings_saved_unchanged_are_no_change() -> None:
    async with SimulatedWled() as wled:
        first = await fetch(wled)
        wled.device.save_settings({})
        again = await fetch(wled)
        assert again.fingerprint == first.fingerprint
        assert "bkp.cfg.json" in files_of(again.artifact)


async def test_files_with_strange_names_and_contents_are_kept() -> None:
    strange = {
        "reset": b"its direct path restarts the device",
        "twin peaks.json": b"[1]",
        "\u00fcml\u00e4ut.txt": b"caf\xe9",
        "a#b?c.txt": b"query",
        "%2Fcfg.json": b"from a bad upload",
        "empty.txt": b"",
    }
    async with SimulatedWled(extra_files=strange) as wled:
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files
        assert wled.restarts == 0


async def test_a_name_that_is_no_plain_name_is_missing_and_named() -> None:
    async with SimulatedWled(extra_files={"folder/file.txt": b"x", "..": b"y"}) as wled:
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (
            Note(
                code="files_unreadable", text=_("These files could not be read: {files}.", files=".., folder/file.txt")
            ),
        )
        assert "folder/file.txt" in str(fetched.artifact.missing[0].text)


async def test_a_list_that_nobody_can_read_falls_back_to_known_names() -> None:
    """A quote in a name alone does not make it one; see `test_names.py`."""
    odd = 'a","size":7},{"x.txt'
    async with SimulatedWled(extra_files={odd: b"x"}) as wled:
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (Note(code="file_list_unavailable", text=LIST_DISABLED),)
        wled.device.files.remove(f"/{odd}")
        assert (await fetch(wled)).artifact.missing == ()
