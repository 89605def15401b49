"""Nothing that a device sends makes the handler fail in another way than it says."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core import ArtifactTooLargeError, InvalidArtifactError, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonError
from ha_device_backup_wled import WledHandler, device_files
from ha_device_backup_wled.compare import changes, differences, is_named
from ha_device_backup_wled.factory import is_set_up
from ha_device_backup_wled.info import parse_info
from ha_device_backup_wled.json_files import parse
from ha_device_backup_wled.network import Connection, keep_connection
from ha_device_backup_wled.passwords import passwords_to_enter
from ha_device_backup_wled.unlock import read_list
from tests.simulators.wled import PIN, SimulatedWled

from .artifacts import RECORD, artifact, files
from .conftest import fetch, files_of

GOOD = files()
INFO = json.loads(GOOD[RECORD])
CONFIGURATION = json.loads(GOOD["cfg.json"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(INFO)), ANYTHING)
def test_any_info(key: str, value: object) -> None:
    try:
        info = parse_info(json.dumps({**INFO, key: value}).encode())
    except UnsupportedDeviceError:
        return
    info.to_device("http://x").name.encode()
    for name in device_files.known_names(info.ledmaps, info.palettes):
        name.encode()


@given(ANYTHING)
def test_any_list(value: object) -> None:
    listed = read_list(json.dumps(value).encode())
    assert listed is None or all(isinstance(size, int) for size in listed.sizes.values())


@given(st.sampled_from(sorted(GOOD)), ANYTHING | st.binary())
def test_any_file(name: str, value: object) -> None:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    changed = artifact({**GOOD, name: content})
    try:
        WledHandler.validate(changed)
    except InvalidArtifactError:
        return
    WledHandler.normalize(changed)
    for text in WledHandler.redact(changed).values():
        text.encode()


@given(st.sampled_from(sorted(CONFIGURATION)), ANYTHING)
def test_any_setting(key: str, value: object) -> None:
    other = json.loads(json.dumps({**CONFIGURATION, key: value}))
    for sent, held in ((CONFIGURATION, other), (other, CONFIGURATION)):
        differences(sent, held)
        changes(sent, held)
        for by_cable in (True, False, None):
            keep_connection(sent, held, Connection(host="shelf.local", by_cable=by_cable))
        passwords_to_enter(sent, held, same_device=False)
    is_named(other, parse_info(GOOD[RECORD]))
    is_set_up(other)


@pytest.mark.parametrize("content", [b"[" * 65 + b"]" * 65, b'{"a":' * 900 + b"1" + b"}" * 900, b"[" * 100_000])
def test_what_is_nested_too_deep_is_no_json(content: bytes) -> None:
    with pytest.raises(JsonError):
        parse(content)
    assert parse(b"[" * 64 + b"]" * 64) is not None


@pytest.mark.parametrize("key", ["uptime", "cpalcount", "fs"])
def test_number_that_nobody_can_compute_with(key: str) -> None:
    with pytest.raises(UnsupportedDeviceError):
        parse_info(json.dumps({**INFO, key: 10**400}).encode())
    parse_info(json.dumps({**INFO, key: 10**60}).encode())


def test_what_a_device_says_about_itself_is_short() -> None:
    padding = b" " * 256 * 1024
    with pytest.raises(UnsupportedDeviceError):
        parse_info(json.dumps(INFO).encode() + padding)
    assert read_list(b"[]" + padding) is None


@pytest.mark.parametrize("name", ["..", "a/b", "\\", "", "\x00", "\ud800", ".device-backup", "a" * 256])
def test_names_that_are_no_plain_names(name: str) -> None:
    assert not device_files.is_plain(name)


async def test_a_name_of_the_device_that_is_no_text_costs_only_that_file() -> None:
    async with SimulatedWled(extra_files={"\\ud800": b"x"}) as wled:
        fetched = await fetch(wled)
        assert [note.code for note in fetched.artifact.missing] == ["files_unreadable"]
        assert wled.device.user_files.keys() - files_of(fetched.artifact).keys() == {"\\ud800"}


async def test_files_without_a_list_are_together_no_larger_than_a_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WledHandler, "spec", replace(WledHandler.spec, max_artifact_bytes=100_000))
    content = b" " * 60_000
    async with SimulatedWled(pin=PIN, extra_files={"skin.css": content, "style.css": content}) as wled:
        with pytest.raises(ArtifactTooLargeError):
            await fetch(wled)
        wled.device.files.remove("/style.css")
        assert "skin.css" in files_of((await fetch(wled)).artifact)
