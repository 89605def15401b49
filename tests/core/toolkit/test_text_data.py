"""What comes from a device is read, kept and shown, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.toolkit import decoded, encoded, name_list, readable, shown

SURROGATES = st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF, categories=["Cs"])


@given(st.binary(max_size=60))
def test_any_bytes_stay(content: bytes) -> None:
    kept = content.removeprefix(b"\xef\xbb\xbf")
    assert encoded(decoded(content)) == kept


@given(st.text(st.one_of(st.characters(), SURROGATES), max_size=20))
def test_any_text_has_bytes(text: str) -> None:
    assert encoded(encoded(text).decode("utf-8", "surrogateescape")) == encoded(text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Küche".encode(), "Küche"),
        (b"\xef\xbb\xbfa", "a"),
        (b"K\xfcche", "Küche"),
        ("Küche ".encode() + b"\xfc", "Küche ü"),
        (b"\xfc" * 200_000, "ü" * 200_000),
    ],
)
def test_each_byte_that_is_no_utf_8_is_latin_1(content: bytes, text: str) -> None:
    assert readable(content) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\u3000b\u200d\u202ec\x07\udce4", "a b\u200dc"),
        ("\ud83d\ude00 a", "a"),
        (" a\ud83d ", "a"),
        ("Küche".encode()[:2], "K"),
        (b"K\xfcche", "Küche"),
        ("K\udcfcche", "Küche"),
        ("ü\udcfcx", "üüx"),
        ("x" * 1000, "x" * 200),
        ("ü" * 1000, "ü" * 200),
        ("\U0001f600" * 1000, "\U0001f600" * 200),
    ],
)
def test_what_is_shown_can_be_read(raw: bytes | str, text: str) -> None:
    assert shown(raw) == text


@given(st.one_of(st.binary(max_size=900), st.text(st.one_of(st.characters(), SURROGATES), max_size=300)))
def test_what_is_shown_can_be_sent_to_a_screen(raw: bytes | str) -> None:
    text = shown(raw, 20)
    text.encode()
    assert len(text) <= 20
    assert "\n" not in text


def test_names_in_texts_are_printable_and_not_endless() -> None:
    assert name_list(["b", "a"]) == "a, b"
    listed = name_list(["a\ud800\n", "x" * 1000, *"bcdefghij"])
    listed.encode()
    assert listed == "a, b, c, d, e, f, g, h …"
    assert name_list(["x" * 1000]) == "x" * 100
