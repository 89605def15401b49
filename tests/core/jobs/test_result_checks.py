from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core.config.config import REDACTED
from ha_device_backup_core.contract import Artifact, DeviceInfo, Note
from ha_device_backup_core.errors import (
    ArtifactTooLargeError,
    DeviceBackupError,
    HandlerCrashedError,
    InvalidArtifactError,
)
from ha_device_backup_core.jobs.result_checks import LONGEST_NAME, ResultChecks
from ha_device_backup_core.jobs.secret_mask import Mask
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.text import Message

from ..example_handler import ExampleHandler

SECRET = "c4nary"
NOTE = Note(code="list", text=Message("The list needs {it}.", {"it": SECRET}, "acme"))
MASKED = Message("The list needs {it}.", {"it": REDACTED}, "acme")
DEVICE = DeviceInfo(
    unique_id="a1",
    name="Küche",
    version="1.2",
    connections=(("mac", "aa:bb:cc:dd:ee:ff"),),
    configuration_url="http://192.0.2.7/",
)
ARTIFACT = Artifact(filename="config.json", content=b"{}", attributes={"chip": "esp32"})
RESULTS = ResultChecks(
    RegisteredHandler(handler=ExampleHandler, distribution="ha-device-backup-example", version="3.1"), Mask([SECRET])
)


def wrong_note(**wrong: object) -> Note:
    note = Note(code="a", text="b")
    for name, value in wrong.items():
        object.__setattr__(note, name, value)
    return note


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"unique_id": ""}, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters"),
        ({"unique_id": 5}, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters"),
        ({"unique_id": "a\n"}, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters"),
        ({"unique_id": "\ud800"}, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters"),
        ({"unique_id": "a" * 256}, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters"),
        ({"name": None}, "a name, manufacturer, model or version that is no text"),
        ({"version": 5}, "a name, manufacturer, model or version that is no text"),
        ({"connections": None}, "connections that are not pairs of texts"),
        ({"connections": (("mac", None),)}, "connections that are not pairs of texts"),
        ({"connections": ("mac",)}, "connections that are not pairs of texts"),
        ({"notices": ("note",)}, "something else than notes"),
    ],
)
def test_device_that_the_store_could_not_give_back(wrong: dict[str, Any], detail: str) -> None:
    with pytest.raises(HandlerCrashedError) as caught:
        RESULTS.device(replace(DEVICE, **wrong))
    assert caught.value.detail_in() == f"test_connection returned {detail}"
    assert RESULTS.device(DEVICE) == DEVICE


def test_device_that_repeats_a_secret() -> None:
    for url in (f"http://admin:{SECRET}@192.0.2.7/", f"http://192.0.2.7/?sid={SECRET}"):
        echo = replace(DEVICE, name=f"Lamp {SECRET}", configuration_url=url)
        assert RESULTS.device(echo) == replace(DEVICE, name=f"Lamp {REDACTED}", configuration_url=None)


def test_device_says_nothing_that_steers_a_terminal() -> None:
    shown = RESULTS.device(replace(DEVICE, name="\x1b[2JKitchen" + "x" * 300, version="1\ud8002", notices=(NOTE,)))

    assert shown == replace(DEVICE, name=("\ufffd[2JKitchen" + "x" * 300)[:LONGEST_NAME], version="1\ufffd2")
    assert [note.text for note in shown.notices] == [MASKED]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a/", "http://", "http://[", "", 5, None])
def test_address_that_no_browser_should_open(url: Any) -> None:  # noqa: ANN401 - whatever a handler returns
    assert RESULTS.device(replace(DEVICE, configuration_url=url)) == replace(DEVICE, configuration_url=None)


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"content": "{}"}, "an artifact whose content is not bytes"),
        ({"content": bytearray(b"{}")}, "an artifact whose content is not bytes"),
        ({"media_type": None}, "an artifact whose file name or media type is no text"),
        ({"attributes": None}, "an artifact whose attributes are not texts"),
        ({"attributes": {"rev": 5}}, "an artifact whose attributes are not texts"),
        ({"missing": ("ir.json",)}, "something else than notes"),
        ({"missing": (wrong_note(code=5),)}, "something else than notes"),
        ({"missing": (wrong_note(text={"en": "Nothing."}),)}, "something else than notes"),
        ({"missing": (wrong_note(text=None),)}, "something else than notes"),
        ({"missing": None}, "something else than notes"),
    ],
)
def test_artifact_that_the_store_could_not_give_back(wrong: dict[str, Any], detail: str) -> None:
    with pytest.raises(HandlerCrashedError) as caught:
        RESULTS.artifact(replace(ARTIFACT, **wrong))
    assert caught.value.detail_in() == f"fetch_backup returned {detail}"
    assert RESULTS.artifact(ARTIFACT) == ARTIFACT


@pytest.mark.parametrize(
    ("content", "expected", "detail"),
    [
        (b"", InvalidArtifactError, "It is empty."),
        (b" " * 65537, ArtifactTooLargeError, "65537 bytes, allowed are 65536."),
    ],
)
def test_size_of_the_artifact(content: bytes, expected: type[DeviceBackupError], detail: str) -> None:
    with pytest.raises(expected) as caught:
        RESULTS.artifact(replace(ARTIFACT, content=content))
    assert caught.value.detail_in() == detail
    assert RESULTS.artifact(replace(ARTIFACT, content=b" " * 65536)).content == b" " * 65536


def test_notes_are_masked() -> None:
    (note,) = RESULTS.artifact(replace(ARTIFACT, missing=(NOTE,))).missing
    assert (note.code, note.text) == ("list", MASKED)


def test_report_is_masked() -> None:
    with pytest.raises(HandlerCrashedError, match="restore_backup returned no RestoreReport"):
        RESULTS.report(None)
    assert RESULTS.report(RestoreReport(needs=(f"Enter {SECRET}.",))) == RestoreReport(needs=(f"Enter {REDACTED}.",))
