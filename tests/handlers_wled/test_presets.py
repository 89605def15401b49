"""Presets survive on the controller, and what they mean there is told."""

import json

import pytest

from ha_device_backup_core import Artifact, FileChange, PlannedFile, Text, in_language
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.describe import describe_presets
from ha_device_backup_wled.presets import (
    PresetChanges,
    preset_changes,
    same_presets,
    sendable_presets,
    uses_old_custom_palettes,
    with_old_custom_palettes,
)
from ha_device_backup_wled.translation import _
from tests.simulators.wled import SimulatedWled
from tests.simulators.wled.content import presets

from .conftest import changed, fetch, files_of, plan, restore


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (b'{"0": {}}', b'{"0":{}}'),
        (b'{"0" :{}}', b'{"0":{}}'),
        (b'{"0":{},\n"1":{"n":"a"}}', b'{"0":{},"1":{"n":"a"}}'),
        (b'{"0":{},"1":{"n": "a  b\\" }"}}', b'{"0":{},"1":{"n":"a  b\\" }"}}'),
        (b'\xef\xbb\xbf{"0":{}}', b'{"0":{}}'),
        (b'{"8": {"n":"x"},"8": {"n":"y"}}', b'{"8":{"n":"x"},"8":{"n":"y"}}'),
        (b'{"1": {"n":"\xe4\xb8"}}', b'{"1":{"n":"\xe4\xb8"}}'),
        (presets(), presets()),
        (json.dumps(json.loads(presets()), indent=4, ensure_ascii=False).encode(), None),
    ],
)
def test_blanks_that_the_firmware_does_not_write_itself_are_not_sent(content: bytes, sent: bytes | None) -> None:
    result = sendable_presets(content)
    assert result == (
        json.dumps(json.loads(presets()), separators=(",", ":"), ensure_ascii=False).encode() if sent is None else sent
    )
    assert sendable_presets(result) == result
    assert same_presets(content, result)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b'{"0":{},"1":{"n":"a","on":true}}', b'{"1": {"on":true, "n":"a"},"0":{}}', True),
        (b'{"0":{},"1":{"n":"a"}}', b'{"0":{},"1":{"n":"b"}}', False),
        (b'{"8":{"n":"x"},"8":{"n":"y"}}', b'{"8":{"n":"y"}}', False),
        (b'{"1":{"n":"a b"}}', b'{"1":{"n":"ab"}}', False),
        (b"{", b"[", False),
    ],
)
def test_presets_are_compared_by_what_they_mean(one: bytes, other: bytes, same: bool) -> None:
    assert same_presets(one, other) is same


def test_changes_are_counted() -> None:
    sent = b'{"0":{},"1":{"n":"a"},"2":{"n":"b"},"3":{}}'
    held = b'{"0":{},"1":{"n":"a"},"2":{"n":"c"},"7":{},"8":{}}'
    assert preset_changes(sent, held) == PresetChanges(added=1, removed=2, changed=1)
    assert preset_changes(sent, b"{") is None


@pytest.mark.parametrize(
    ("counts", "english", "german"),
    [
        ((0, 2, 1), "Presets: 2 to remove, 1 to change", "Presets: 2 zu entfernen, 1 zu ändern"),
        (
            (1, 1, 1),
            "Presets: 1 to add, 1 to remove, 1 to change",
            "Presets: 1 hinzuzufügen, 1 zu entfernen, 1 zu ändern",
        ),
        ((3, 0, 0), "Presets: 3 to add", "Presets: 3 hinzuzufügen"),
    ],
)
def test_changes_are_told(counts: tuple[int, int, int], english: str, german: str) -> None:
    added, removed, changed = counts
    (words,) = describe_presets(PresetChanges(added=added, removed=removed, changed=changed))
    assert (in_language(words), in_language(words, "de")) == (english, german)


def test_no_change_is_not_told() -> None:
    assert list(describe_presets(PresetChanges(added=0, removed=0, changed=0))) == []


@pytest.mark.parametrize(
    ("preset", "uses"),
    [
        ({"seg": [{"pal": 0}, {"pal": 255}]}, True),
        ({"seg": {"pal": 246}}, True),
        ({"win": "FX=3&FP=254"}, True),
        ({"seg": [{"pal": 70}, {"stop": 0}, 7]}, False),
        ({"seg": 7, "win": "FP=x&A=255"}, False),
    ],
)
def test_custom_palettes_before_16_are_found(preset: dict[str, object], uses: bool) -> None:
    assert with_old_custom_palettes(json.dumps({"0": {}, "12": preset}).encode()) == (["12"] if uses else [])


def test_presets_are_named_in_their_order_whatever_their_numbers_are() -> None:
    numbers = ["2", "10", "9" * 5000]
    said = {number: {"seg": {"pal": 255}} for number in reversed(numbers)}
    assert with_old_custom_palettes(json.dumps(said).encode()) == numbers


@pytest.mark.parametrize(("version", "told"), [("0.15.5", False), ("16.0.0", True)])
async def test_presets_that_mean_something_else_on_a_newer_series_are_told(version: str, told: bool) -> None:
    async with SimulatedWled("0.15.0") as old:
        artifact = changed((await fetch(old)).artifact, presets_json=b'{"0":{},"4":{"seg":[{"pal":255}]}}')
    async with SimulatedWled(version) as wled:
        expected: Text = _(
            "From WLED 16 on custom palettes have other numbers. Choose the palette again in these presets: {presets}.",
            presets="4",
        )
        assert (expected in (await plan(wled, artifact)).needs) is told
        assert (expected in (await restore(wled, artifact)).needs) is told


async def test_what_the_firmware_reads_is_put_back() -> None:
    twice = b'{"0":{},"8":{"n":"Old","on":true},"9":{"n":"X"},"8":{"n":"New","on":true}}'
    async with SimulatedWled() as wled:
        wled.device.files.write("/presets.json", twice)
        fetched = await fetch(wled)
        assert fetched.doubts == ()
        before = WledHandler.normalize(fetched.artifact)
        wled.device.files.write("/presets.json", b'{"0":{},"8":{"n":"New","on":true},"9":{"n":"X"}}')
        assert WledHandler.normalize((await fetch(wled)).artifact) != before
        await restore(wled, fetched.artifact)
        assert wled.device.user_files["presets.json"] == twice


async def test_presets_with_other_blanks_are_left_alone() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wide = json.dumps(json.loads(files_of(artifact)["presets.json"]), indent=1).encode()
        imported = Artifact.bundle({"cfg.json": files_of(artifact)["cfg.json"], "presets.json": wide})
        planned = await plan(wled, imported)
        assert PlannedFile(name="presets.json", change=FileChange.UNCHANGED) in planned.files
        wled.device.wipe()
        await restore(wled, imported)
        assert b": " not in wled.device.user_files["presets.json"]
        assert json.loads(wled.device.user_files["presets.json"]) == json.loads(wide)


async def test_presets_that_the_device_damaged_after_a_whole_backup_are_a_doubt_that_says_what_to_do() -> None:
    async with SimulatedWled() as wled:
        whole = (await fetch(wled)).artifact
        wled.device.files.write("/presets.json", b'{"0":{},"1":{"on":true,"n":"One"},{"on":true}}')
        for _attempt in range(2):
            fetched = await fetch(wled)
            assert [doubt.code for doubt in fetched.doubts] == ["presets_damaged"]
            assert "older backup" in str(fetched.doubts[0].text)
            assert fetched.artifact.missing == ()
        report = await restore(wled, fetched.artifact)
        assert report.unproven == ()
        assert [str(need) for need in report.needs] == [
            "Not put back, because damaged in the backup already: presets.json. An older backup may hold good ones."
        ]
        await restore(wled, whole)
        assert (await fetch(wled)).doubts == ()


@pytest.mark.parametrize(
    ("preset", "is_old"),
    [
        ({"seg": [{"pal": "255"}]}, True),
        ({"seg": {"pal": "250~255r"}}, True),
        ({"seg": [{"pal": 254.0}]}, True),
        ({"win": "win?FP=255&T=1"}, True),
        ({"seg": [{"pal": "~"}, {"pal": "r"}, {"pal": 12}, {"pal": None}]}, False),
        ({"win": "FP=~&FX=255"}, False),
    ],
)
def test_a_palette_is_found_in_each_spelling_of_the_firmware(preset: dict[str, object], is_old: bool) -> None:
    assert with_old_custom_palettes(json.dumps({"0": {}, "3": preset}).encode()) == (["3"] if is_old else [])


@pytest.mark.parametrize(
    ("command", "is_old"),
    [
        ("FP=255", True),
        ("win&FX=3&FP=246", True),
        ({"seg": {"pal": 250}}, True),
        ({"seg": [{"pal": 3}, {"pal": "250~255r"}]}, True),
        ([{"on": True}, {"seg": {"pal": 255}}], True),
        ("!presetFallback", False),
        ("FP=70", False),
        ({"on": True, "bri": 255}, False),
        (7, False),
        (None, False),
    ],
)
def test_custom_palettes_in_commands_of_remote_controls(command: object, is_old: bool) -> None:
    content = json.dumps({"desc": "24 keys", "0xF700FF": {"label": "+", "cmd": command}, "x": 255}).encode()
    assert uses_old_custom_palettes(content) is is_old
    assert not uses_old_custom_palettes(content[:-1])


@pytest.mark.parametrize("name", ["ir.json", "remote.json", "remote433.json"])
@pytest.mark.parametrize(("version", "told"), [("0.15.5", False), ("16.0.0", True)])
async def test_remote_controls_that_mean_something_else_on_a_newer_series_are_told(
    name: str, version: str, told: bool
) -> None:
    async with SimulatedWled("0.15.0", extra_files={name: b'{"16":{"cmd":"FP=255"}}'}) as old:
        artifact = (await fetch(old)).artifact
    async with SimulatedWled(version) as wled:
        expected: Text = _(
            "From WLED 16 on custom palettes have other numbers. Enter the new ones in these files of remote "
            "controls: {files}.",
            files=name,
        )
        assert (expected in (await plan(wled, artifact)).needs) is told
