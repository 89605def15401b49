"""What is a backup, what is none, and what is in doubt."""

import json
from dataclasses import replace

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.text import in_language
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import VERSIONS

from .artifacts import RECORD, SIZES, artifact, files
from .conftest import assert_no_canary

PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"
GOOD = files()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backup_of_every_version_is_without_doubt(version: str) -> None:
    assert WledHandler.validate(artifact(files(version))) == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cfg.json", PAGE, "cfg.json is a web page"),
        ("cfg.json", b"\n  <HTML><head>", "cfg.json is a web page"),
        ("cfg.json", b"", "cfg.json is empty"),
        ("cfg.json", b"  \n", "cfg.json is empty"),
        ("cfg.json", GOOD["cfg.json"][:-1], "cfg.json is not valid JSON"),
        ("cfg.json", GOOD["cfg.json"][:700], "cfg.json is not valid JSON"),
        ("cfg.json", b"\xff\xfe\x00", "cfg.json is not valid JSON"),
        ("cfg.json", b"[" * 100_000, "cfg.json is not valid JSON"),
        ("cfg.json", b'{"vid":NaN}', "cfg.json is not valid JSON"),
        ("cfg.json", GOOD["presets.json"], "cfg.json holds presets"),
        ("cfg.json", b'{"0":{}}', "cfg.json holds presets"),
        ("cfg.json", b"{}", "cfg.json is no WLED configuration: it lacks hw, id, nw"),
        ("cfg.json", b"[]", "cfg.json is no WLED configuration"),
        ("cfg.json", b"null", "cfg.json is no WLED configuration"),
        ("cfg.json", b'{"rev":[1,0],"vid":1,"id":{},"nw":[],"hw":{}}', "it lacks nw"),
        ("presets.json", PAGE, "presets.json is a web page"),
        ("presets.json", GOOD["cfg.json"], "presets.json is no preset file"),
        ("presets.json", b"[]", "presets.json is no preset file"),
        ("presets.json", b'{"1":7}', "presets.json is no preset file"),
        ("ledmap.json", PAGE, "ledmap.json is a web page"),
        ("skin.css", PAGE, "skin.css is a web page"),
        (RECORD, PAGE, "record of the controller"),
        (RECORD, b'{"ver":"0.15.5"}', "record of the controller"),
    ],
)
def test_what_is_no_backup_is_refused_with_file_and_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        WledHandler.validate(artifact({**GOOD, name: content}))
    assert reason in caught.value.detail_in("en")
    assert caught.value.detail_in("de") != caught.value.detail_in("en")
    assert_no_canary(caught.value)
    assert WledHandler.validate(artifact(GOOD)) == ()


@pytest.mark.parametrize("name", ["cfg.json", "presets.json", "matrix sprite.gif"])
def test_a_file_that_is_shorter_than_the_device_said_is_refused(name: str) -> None:
    short = {**GOOD, name: GOOD[name][:-1]}
    with pytest.raises(InvalidArtifactError, match=f"{name} has {len(short[name])} bytes instead of"):
        WledHandler.validate(artifact(short, sizes={name: len(GOOD[name])}))


@pytest.mark.parametrize("name", ["cfg.json", "ir.json"])
def test_a_file_that_is_gone_is_refused(name: str) -> None:
    content = {other: data for other, data in GOOD.items() if other != name}
    with pytest.raises(InvalidArtifactError, match=f"{name} is not in it"):
        WledHandler.validate(artifact(content, sizes={name: 10}))


def test_a_configuration_must_be_there() -> None:
    with pytest.raises(InvalidArtifactError, match=r"cfg\.json is not in it"):
        WledHandler.validate(artifact({name: data for name, data in GOOD.items() if name != "cfg.json"}))


@pytest.mark.parametrize(
    ("name", "content", "doubt"),
    [
        ("presets.json", None, "presets_absent"),
        ("presets.json", b"", "presets_empty"),
        ("presets.json", b"   ", "presets_empty"),
        ("presets.json", GOOD["presets.json"][:-30], "presets_damaged"),
        ("ledmap2.json", b"{", "files_damaged"),
        (RECORD, None, "origin_unknown"),
    ],
)
def test_what_the_device_itself_holds_damaged_is_a_doubt(name: str, content: bytes | None, doubt: str) -> None:
    changed = {**GOOD, name: content or b""} if content is not None else {k: v for k, v in GOOD.items() if k != name}
    doubts = WledHandler.validate(artifact(changed))
    assert [found.code for found in doubts] == [doubt]
    assert in_language(doubts[0].text, "de") != in_language(doubts[0].text, "en")


def test_presets_cut_off_in_a_bundle_from_elsewhere_are_refused() -> None:
    content = {name: data for name, data in GOOD.items() if name in {"cfg.json", "presets.json"}}
    assert [doubt.code for doubt in WledHandler.validate(Artifact.bundle(content))] == ["origin_unknown"]
    with pytest.raises(InvalidArtifactError, match=r"presets\.json is not valid JSON"):
        WledHandler.validate(Artifact.bundle({**content, "presets.json": content["presets.json"][:-30]}))
    with pytest.raises(InvalidArtifactError, match=r"presets\.json is a web page"):
        WledHandler.validate(Artifact.bundle({**content, "presets.json": PAGE}))


def test_a_damaged_record_of_sizes_is_refused() -> None:
    with pytest.raises(InvalidArtifactError, match="record of the controller"):
        WledHandler.validate(Artifact.bundle({**GOOD, SIZES: b"{"}))


def test_no_zip_and_a_cut_zip_are_refused() -> None:
    good = artifact(GOOD)
    for content in (b"", PAGE, good.content[: len(good.content) // 2]):
        with pytest.raises(InvalidArtifactError):
            WledHandler.validate(replace(good, content=content))


def test_a_byte_order_mark_is_no_damage() -> None:
    assert WledHandler.validate(artifact({**GOOD, "cfg.json": b"\xef\xbb\xbf" + GOOD["cfg.json"]})) == ()


def test_a_web_page_of_the_household_is_no_login_page() -> None:
    assert WledHandler.validate(artifact({**GOOD, "index.htm": PAGE})) == ()


def test_presets_as_written_by_a_person_are_presets() -> None:
    pretty = json.dumps(json.loads(GOOD["presets.json"]), indent=2).encode()
    assert WledHandler.validate(artifact({**GOOD, "presets.json": pretty})) == ()


@pytest.mark.parametrize(("section", "value"), [("um", None), ("remote", []), ("dmx", None), ("eth", []), ("ota", 0)])
def test_a_section_that_the_firmware_skips_is_no_reason_to_refuse(section: str, value: object) -> None:
    content = files()
    configuration = json.loads(content["cfg.json"]) | {section: value}
    content["cfg.json"] = json.dumps(configuration).encode()
    assert WledHandler.validate(artifact(content)) == ()
    content["cfg.json"] = json.dumps(configuration | {"nw": value}).encode()
    with pytest.raises(InvalidArtifactError, match="nw"):
        WledHandler.validate(artifact(content))
