"""Restores of every firmware, the wiped device included; refusals before, and proofs after."""

import pytest

from ha_device_backup_core import (
    Artifact,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreReport,
    Text,
)
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import VERSIONS, Chip, Faults, SimulatedTasmota, TextIndex

from .artifacts import DUMP, bare, dump, files
from .conftest import assert_no_canary, fetch, restore
from .test_backup import on_device

SETTINGS_EQUAL = _(
    "The device restarted and runs with the settings of the backup; only counters and states were not compared."
)
NOT_WRITTEN = (
    "/.extensions/clock.tapp is not on the device as it was sent. The settings were not touched, but files may have "
    "changed."
)
RESTARTED = _("The device took the settings and restarted.")
NEW_PASSWORD = _("With the backup comes its web admin password: enter that in the settings of this device here.")

CHIPS = (Chip.ESP8266, Chip.ESP32)
FOREVER = 10_000


def proven(tasmota: SimulatedTasmota) -> tuple[Text, ...]:
    """Return what a complete restore proves."""
    return _("Files that are on the device byte for byte: {count}.", count=len(on_device(tasmota))), SETTINGS_EQUAL


def lasting(tasmota: SimulatedTasmota) -> dict[str, bytes]:
    """Return what lasts of the settings of the device."""
    return dict(TasmotaHandler.normalize(bare(tasmota.device.dump())))


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_wiped_device_gets_everything_back(version: str, chip: Chip) -> None:
    async with SimulatedTasmota(version, chip) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        before, held = on_device(tasmota), lasting(tasmota)
        tasmota.device.wipe()
        assert lasting(tasmota) != held
        steps: list[tuple[float | None, Text]] = []
        report = await restore(tasmota, artifact, None, steps)
        assert (on_device(tasmota), lasting(tasmota)) == (before, held)
        assert report == RestoreReport(proven=proven(tasmota), needs=(NEW_PASSWORD,))
        assert (tasmota.max_in_flight, tasmota.restarts) == (1, 1)
        shares = [share for share, _text in steps if share is not None]
        assert (shares, shares[0], shares[-1]) == (sorted(shares), 0.0, 1.0)
        assert all(in_language(text, "de") != in_language(text) for _share, text in steps)
        assert_no_canary(report, steps)


@pytest.mark.parametrize("version", VERSIONS)
async def test_changed_settings_are_put_back_and_equal_files_are_left_alone(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        held = lasting(tasmota)
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        report = await restore(tasmota, artifact)
        assert lasting(tasmota) == held
        assert report == RestoreReport(proven=proven(tasmota))
        posted = [target for method, target in tasmota.requests if method == "POST" and target != "/cm"]
        assert posted == [f"/u2?fsz={len(artifact.files()[DUMP])}"]


@pytest.mark.parametrize("version", ["8.5.1", "14.4.1"])
async def test_a_bare_dump_is_put_back(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        content, held = tasmota.device.dump(), lasting(tasmota)
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        report = await restore(tasmota, bare(content))
        assert lasting(tasmota) == held
        assert report == RestoreReport(
            proven=(SETTINGS_EQUAL,),
            needs=(
                _("The backup does not say which device it is of: check module, pins and names. Files were not in it."),
            ),
        )


async def test_the_card_is_shown_again_after_a_restore() -> None:
    async with SimulatedTasmota(card={}) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        del tasmota.device.files["/autoexec.be"]
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)
        assert tasmota.device.shows_card


async def test_a_password_that_comes_back_is_used_to_prove_and_told() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.WEB_PASSWORD, "other")
        report = await restore(tasmota, artifact, "other")
        assert report == RestoreReport(proven=proven(tasmota), needs=(NEW_PASSWORD,))


async def test_a_password_that_goes_is_told() -> None:
    async with SimulatedTasmota(password="") as tasmota:
        artifact = (await fetch(tasmota, None)).artifact
        tasmota.device.set_text(TextIndex.WEB_PASSWORD, "other")
        report = await restore(tasmota, artifact, "other")
        assert report == RestoreReport(
            proven=proven(tasmota),
            needs=(_("With the backup the device has no web admin password: set one on its page."),),
        )


async def test_older_settings_are_taken_over_and_not_called_proven() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        report = await restore(tasmota, Artifact.bundle(files("12.5.0")))
        assert report.proven == (_("Files that are on the device byte for byte: {count}.", count=1), RESTARTED)
        assert report.unproven == (
            _(
                "The settings are of Tasmota {backup} and were taken over into {device}; they cannot be compared.",
                backup="12.5.0",
                device="14.4.1",
            ),
        )


async def test_older_settings_that_never_arrived_are_not_called_taken_over() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        artifact = Artifact.bundle(files("12.5.0"))
        tasmota.faults.path, tasmota.faults.lose_upload = "/u2", 1
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == (
            "The device does not say that it took the settings, and runs with those that it had. Restore again."
        )
        assert (await restore(tasmota, artifact)).proven[-1] == RESTARTED


async def test_older_settings_that_it_took_are_taken_over_though_its_answer_was_lost() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        artifact = Artifact.bundle(files("12.5.0"))
        tasmota.faults.path, tasmota.faults.lose_answer_to_upload = "/u2", 1
        assert (await restore(tasmota, artifact)).proven[-1] == RESTARTED


async def test_what_is_no_backup_is_refused_before_any_contact() -> None:
    async with SimulatedTasmota() as tasmota:
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(b"<html>"))
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(dump()[:4000]))
        assert tasmota.requests == []


async def test_a_build_that_makes_no_folders_gets_no_settings() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.faults.path, tasmota.faults.not_found = "/ufse", FOREVER
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact, None)
        assert caught.value.detail_in() == NOT_WRITTEN
        assert (tasmota.restarts, tasmota.device.name) == (0, "Tasmota")
        tasmota.device.faults = Faults()
        assert (await restore(tasmota, artifact, None)).proven == proven(tasmota)


async def test_a_build_that_takes_no_files_says_which_are_not_back() -> None:
    async with SimulatedTasmota(has_file_system=False) as tasmota:
        report = await restore(tasmota, Artifact.bundle({**files("14.4.1"), DUMP: tasmota.device.dump()}))
        assert report.proven == (SETTINGS_EQUAL,)
        assert report.needs == (
            _(
                "These files are not put back, because the firmware of the device takes none: {files}.",
                files="/autoexec.be",
            ),
        )
