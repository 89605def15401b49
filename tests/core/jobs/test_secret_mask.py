import base64
import json
import logging
import re
import unicodedata
from urllib.parse import quote

import pytest

from ha_device_backup_core.config.config import REDACTED
from ha_device_backup_core.contract import Note
from ha_device_backup_core.jobs.secret_mask import Mask, masking_logger
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.text import Message, _, in_language, joined

from ..example_handler import ExampleHandler

SECRET = 'p4ss wörd/"+\\'


@pytest.mark.parametrize(
    "travelling",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        re.sub("%..", lambda escape: escape[0].lower(), quote(SECRET, safe="")),
        json.dumps(SECRET)[1:-1],
        repr(SECRET)[1:-1],
        str(SECRET.encode())[2:-1],
        base64.b64encode(f"admin:{SECRET}".encode()).decode(),
        base64.b64encode(SECRET.encode("utf-16-le")).decode(),
        "".join(f"%u{ord(character):04X}" for character in SECRET),
        "".join(f"\\u{{{ord(character):x}}}" for character in SECRET),
        "".join(f"\\{byte:03o}" for byte in SECRET.encode()),
        SECRET.encode().hex(" "),
        SECRET.encode().hex(":").upper(),
        " ".join(f"0x{byte:02x}" for byte in SECRET.encode()),
        unicodedata.normalize("NFD", SECRET),
        SECRET.encode().decode("latin-1"),
    ],
)
def test_secret_is_found_however_it_travels(travelling: str) -> None:
    masked = Mask([SECRET], username="admin").string(f"GET /?q={travelling}&x=1 failed")
    assert masked == f"GET /?q={REDACTED}&x=1 failed"


def test_secret_is_found_in_base64_of_several_lines() -> None:
    wrapped = base64.encodebytes(b"a" * 51 + SECRET.encode() + b"z" * 40).decode()
    masked = Mask([SECRET]).string(wrapped)
    assert REDACTED in masked
    assert base64.b64encode(SECRET.encode()).decode()[:8] not in masked.replace("\n", "")


def test_longest_secret_first() -> None:
    assert Mask(["1234", "12345678", ""]).string("12345678 1234 12") == f"{REDACTED} {REDACTED} 12"


def test_nothing_to_mask() -> None:
    assert Mask([]).string("as it was") == "as it was"


def test_mask_of_a_configuration() -> None:
    mask = Mask.of(ExampleHandler.spec, {"host": "wled.local", "password": "hunter2", "certificate": None})
    assert mask.string("hunter2 at wled.local") == f"{REDACTED} at wled.local"


def test_texts_notes_and_reports() -> None:
    mask = Mask(["hunter2"])
    masked = Message("in {place}", {"place": REDACTED}, "acme")
    text = Message("in {place}", {"place": "hunter2"}, "acme")

    assert mask.text(text) == masked
    (note,) = mask.notes([Note(code="hunter2", text=text)])
    assert (note.code, note.text) == ("hunter2", masked)
    assert mask.report(RestoreReport(proven=("hunter2",), unproven=(text,), needs=("plug",))) == RestoreReport(
        proven=(REDACTED,), unproven=(masked,), needs=("plug",)
    )


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


def test_records_are_masked_before_anybody_sees_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logger = masking_logger("some.handler", Mask(["hunter2"]))

    logger.info("plain hunter2")
    logger.info("%d bytes", "hunter2")
    logger.info("argument %s", {"password": "hunter2"}, stack_info=True, extra={"token": "hunter2"})
    logger.info("%s", Unprintable())
    try:
        raise KeyError("hunter2")  # noqa: TRY301 - what is logged
    except KeyError:
        logger.exception("failed")

    assert caplog.messages == [
        f"plain {REDACTED}",
        "%d bytes (logged with wrong arguments)",
        f"argument {{'password': '{REDACTED}'}}",
        "%s (logged with wrong arguments)",
        "failed",
    ]
    assert f"KeyError: '{REDACTED}'" in caplog.text
    assert {record.name for record in caplog.records} == {"some.handler"}
    assert not any("hunter2" in repr(vars(record)) for record in caplog.records)


def test_level_is_that_of_the_named_logger() -> None:
    logger = masking_logger("some.quiet.handler", Mask([]))
    logging.getLogger("some.quiet").setLevel(logging.ERROR)
    assert not logger.isEnabledFor(logging.WARNING)
    assert masking_logger("some.other.handler", Mask([])).isEnabledFor(logging.ERROR)


def test_a_secret_that_is_a_word_of_a_sentence_spoils_it_in_no_language() -> None:
    text = _("The device answers, but does not show that it has restarted. Restore again.")
    whole = joined((text, Message("{name} is {a}device", {"name": "the device"}, "acme")), " ")
    masked = Mask(["device", "text", "name", "e"]).text(whole)
    assert in_language(masked, "de").startswith("Das Gerät antwortet, zeigt aber nicht, ")
    secret = Mask(["device", "name"]).text(whole)
    assert in_language(secret).endswith(f"Restore again. the {REDACTED} is {{a}}{REDACTED}")


def test_a_secret_with_braces_is_no_gap() -> None:
    assert Mask(["a{b}c"]).text(Message("It is a{b}c.", {}, "acme")) == Message(f"It is {REDACTED}.", {}, "acme")


def test_messages_hold_no_secret_in_any_gap() -> None:
    inner = Message("at {url}", {"url": "http://me:4711@lamp"}, "acme")
    text = Message("{size} of {limit} bytes, hunter2 {where}", {"size": 4711, "limit": 9, "where": inner}, "acme")
    assert Mask(["hunter2", "4711"]).text(text) == Message(
        f"{{size}} of {{limit}} bytes, {REDACTED} {{where}}",
        {"size": REDACTED, "limit": 9, "where": Message("at {url}", {"url": f"http://me:{REDACTED}@lamp"}, "acme")},
        "acme",
    )
