"""What a restore would do is told before it is done, in people's words and without secrets."""

import json
from typing import Any

import pytest

from ha_device_backup_core import Artifact, FileChange, PlannedFile, RestorePlan, RestoreRejectedError, Text
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import Chip, Place, SimulatedTasmota, TextIndex
from tests.simulators.tasmota.settings import TLS_BIT

from .artifacts import RECORD, device, files
from .conftest import assert_no_canary, fetch, plan, restore

REPLACEMENT = _(
    "This is another device than the one in the backup. With the backup it has the same names and MQTT topics: "
    "do not run both."
)
OTHER_MODULE = _(
    "The backup has another module, template or pins than the device has now. On other hardware "
    "than that of the backup relays and keys can do something else than before."
)


def said(planned: RestorePlan, name: str = "config.dmp", language: str = "en") -> list[str]:
    """Return the details of one file."""
    (found,) = [file for file in planned.files if file.name == name]
    return [in_language(text, language) for text in found.details]


async def test_where_nothing_differs_nothing_would_change() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        before = (tasmota.device.dump(), dict(tasmota.device.files))
        paths = ("config.dmp", "/.extensions/clock.tapp", "/autoexec.be", "/display.ini")
        assert await plan(tasmota, artifact) == RestorePlan(
            files=tuple(PlannedFile(name=path, change=FileChange.UNCHANGED) for path in paths), restarts=True
        )
        assert (tasmota.device.dump(), dict(tasmota.device.files)) == before
        assert (tasmota.restarts, {method for method, _target in tasmota.requests if method == "POST"}) == (0, {"POST"})
        assert {target for method, target in tasmota.requests if method == "POST"} == {"/cm"}


async def test_what_would_change_is_told_and_is_what_changes() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        made = tasmota.device
        for index, text in (
            (TextIndex.DEVICE_NAME, "Other"),
            (TextIndex.TOPIC, ""),
            (TextIndex.GROUP_TOPIC, "lamps"),
            (TextIndex.MQTT_PASSWORD, "another"),
        ):
            made.set_text(index, text)
        made.settings.put(0x2F8, 60, 2)
        made.drivers[".drvset010"] = made.drivers[".drvset010"][:-1] + b"D"
        made.files["/autoexec.be"] = b"print(1)"
        del made.files["/display.ini"]
        made.save()
        told = await plan(tasmota, artifact)
        assert [(file.name, file.change.value) for file in told.files] == [
            ("config.dmp", "changed"),
            ("/.extensions/clock.tapp", "unchanged"),
            ("/autoexec.be", "changed"),
            ("/display.ini", "added"),
        ]
        assert said(told) == [
            "Name: Other → Lamp",
            "MQTT password: another than now",
            "MQTT topic: – → lamp",
            "Group topic: none any more",
            "Further settings: 1 bytes differ",
            "Settings of drivers: .drvset010",
        ]
        assert said(told, language="de") == [
            "Name: Other → Lamp",
            "MQTT-Passwort: anders als jetzt",
            "MQTT-Topic: – → lamp",
            "Gruppen-Topic: nicht mehr gesetzt",
            "Weitere Einstellungen: 1 Bytes weichen ab",
            "Einstellungen von Treibern: .drvset010",
        ]
        assert said(told, "/autoexec.be") == [f"8 → {len(artifact.files()['files/autoexec.be'])} bytes"]
        assert_no_canary(told)
        await restore(tasmota, artifact)
        assert {file.change for file in (await plan(tasmota, artifact)).files} == {FileChange.UNCHANGED}


async def test_a_wiped_device_would_get_everything() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        told = await plan(tasmota, artifact, None)
        assert {file.name: file.change for file in told.files[1:]} == dict.fromkeys(
            ("/.extensions/clock.tapp", "/autoexec.be", "/display.ini"), FileChange.ADDED
        )
        assert "Web admin password: another than now" in said(told)
        assert "Rule 1: – → on Power1#state do publish home/lamp %value% endon" in said(told)
        assert told.needs == (
            _("With the backup comes its web admin password: enter that in the settings of this device here."),
        )
        assert_no_canary(told)


async def test_a_file_that_cannot_be_read_may_differ() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.faults.path, tasmota.faults.drop = "/ufsd?download=/autoexec.be", 100
        told = await plan(tasmota, artifact)
        assert PlannedFile(name="/autoexec.be", change=FileChange.UNKNOWN) in told.files


async def test_values_that_look_the_same_and_are_not_are_told() -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.device.set_text(TextIndex.DEVICE_NAME, "La\u200dmp")
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.DEVICE_NAME, "Lamp")
        assert said(await plan(tasmota, artifact)) == ["Name: another than now"]


async def test_settings_of_another_version_are_compared_by_meaning() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        told = await plan(tasmota, Artifact.bundle(files("12.5.0")))
        assert told.risks == (
            _(
                "The settings are of Tasmota {backup}; {device} takes them over in its own way, and they "
                "cannot be compared afterwards.",
                backup="12.5.0",
                device="14.4.1",
            ),
        )
        assert told.files[0] == PlannedFile(name="config.dmp", change=FileChange.CHANGED)


async def test_what_a_build_cannot_take_is_named() -> None:
    async with SimulatedTasmota(has_file_system=False) as tasmota:
        told = await plan(tasmota, Artifact.bundle({**files(), "files/a;b": b"1"}))
        assert told.refused == (
            _(
                "Not put back, because the device would take their names for something else: {files}. Use its "
                "own page.",
                files="/a;b",
            ),
            _(
                "These files are not put back, because the firmware of the device takes none: {files}.",
                files="/autoexec.be",
            ),
        )


@pytest.mark.parametrize("content", [files(chip=Chip.ESP8266), files("16.0.0")])
async def test_a_plan_is_refused_where_the_restore_is(content: dict[str, bytes]) -> None:
    async with SimulatedTasmota() as tasmota:
        details = []
        for attempt in (plan, restore):
            with pytest.raises(RestoreRejectedError) as caught:
                await attempt(tasmota, Artifact.bundle(content))
            details.append(caught.value.detail_in())
        assert details[0] == details[1]


def of_another(**changes: Any) -> dict[str, bytes]:  # noqa: ANN401 - settings of any kind
    """Return a backup of another device."""
    made = device(mac="b0b1c2d3e4f5")
    for name, value in changes.items():
        match name:
            case "topic":
                made.set_text(TextIndex.TOPIC, value)
            case "tls":
                made.settings.switch(Place.NETWORK_SWITCHES, TLS_BIT, on=True)
            case _:
                made.settings.put(Place[name.upper()], value)
    content = files(mac="b0b1c2d3e4f5")
    return {**content, "config.dmp": made.dump()}


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({}, (REPLACEMENT,)),
        (
            {"topic": "tasmota_%06X"},
            (
                _(
                    "This is another device than the one in the backup. With the backup it has the same names, "
                    "but its MQTT topic is made of its own MAC address, so it is not that of the old device: adapt "
                    "what uses it."
                ),
            ),
        ),
        (
            {"tls": True},
            (
                REPLACEMENT,
                _("A key and a certificate of its own for MQTT (TLSKey) are not in a backup: enter them again."),
            ),
        ),
        (
            {"calibration": 12000},
            (
                REPLACEMENT,
                _("With the backup its energy meter has the calibration of the old device: calibrate it anew."),
            ),
        ),
    ],
)
async def test_what_a_replacement_does_not_get_is_told(changes: dict[str, Any], needs: tuple[Text, ...]) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = Artifact.bundle(of_another(**changes))
        assert (await plan(tasmota, artifact)).needs == needs
        assert (await restore(tasmota, artifact)).needs == needs


async def test_pins_of_other_hardware_are_a_risk() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        own = (await fetch(tasmota)).artifact
        other = Artifact.bundle(of_another(pins=32 << 16))
        assert (await plan(tasmota, other)).risks == (), "a new device has no pins yet"
        made.settings.put(Place.PINS, 224 << 16)
        assert (await plan(tasmota, other)).risks == (OTHER_MODULE,)
        without_record = {name: content for name, content in other.files().items() if name != RECORD}
        assert (await plan(tasmota, Artifact.bundle(without_record))).risks == (OTHER_MODULE,)
        assert (await plan(tasmota, own)).risks == (), "its own pins of before"


def test_a_record_is_json() -> None:
    assert json.loads(files()[RECORD])["StatusFWR"]
