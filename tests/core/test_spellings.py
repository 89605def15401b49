"""A text is found however it travels."""

import base64
import html
import json
import random
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from ha_device_backup_core.spellings import Spellings, _wanted

SECRET = 'p4ss wörd/"+\\&<€😀'
OTHER = "Canary-Key-4711"


def every(text: str, form: str) -> str:
    return "".join(form.format(ord(character)) for character in text)


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "upper case": str.upper,
    "lower case": str.lower,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: quote(text, safe="").lower(),
    "percent, every byte": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, lenient": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "repr": lambda text: repr(text)[1:-1],
    "bytes": lambda text: repr(text.encode())[2:-1],
    "HTML": html.escape,
    "HTML, decimal": lambda text: every(text, "&#{};"),
    "HTML, hexadecimal": lambda text: every(text, "&#x{:X};"),
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "Base64 of addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex().upper(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "percent in HTML": lambda text: html.escape(quote(text)),
    "JSON in percent": lambda text: quote(json.dumps(text)[1:-1], safe=""),
}


@pytest.mark.parametrize("secret", [SECRET, OTHER])
@pytest.mark.parametrize("form", FORMS)
def test_each_spelling(form: str, secret: str) -> None:
    travelling = FORMS[form](secret)
    assert Spellings([secret]).replaced(f"a={travelling}; b", "***") == "a=***; b"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc:"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_in_the_middle_of_base64(before: str, after: str) -> None:
    text = base64.b64encode(f"{before}{OTHER}{after}".encode()).decode()
    ((start, end),) = Spellings([OTHER]).spans(text)
    assert end - start >= len(OTHER) * 8 // 6 - 2


def test_a_login_is_found_in_base64_alone() -> None:
    spellings = Spellings([], logins=["admin:1234"])
    assert spellings.replaced(base64.b64encode(b"admin:1234").decode(), "***") == "***"
    assert spellings.spans("admin:1234") == []


def test_several_side_by_side() -> None:
    assert Spellings(["abcd", "abcdefgh", "efghijkl"]).replaced("abcdefgh-abcd-abcdefghijkl", "*") == "*-*-*ijkl"
    assert Spellings([""]).spans("anything") == []
    assert Spellings(["secret"]).spans("%zz \\ & &nbsp; %e4%f6 \\ud83d &#9999999;") == []


def test_what_is_hostile_costs_no_more_than_its_length() -> None:
    dice = random.Random(1)
    text = "".join(dice.choice(["%", "%41", "\\u0041", "&#", "&amp;", "\\", "x", "🎄"]) for _ in range(100_000))
    assert Spellings([SECRET, OTHER]).spans(text) == []


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        # What stands before or after it makes its first or last letter look like something else.
        ("\x9c\x00\x10\x83\x10", "\\" + base64.b64encode("\x9c\x00\x10\x83\x10".encode("latin-1")).decode()),
        ("abc0", "\\x" + b"abc0".hex() + "x"),
    ],
)
def test_beside_something_else(secret: str, text: str) -> None:
    assert len(Spellings([secret]).spans(text)) == 1


def test_for_a_text_without_it_a_private_key_is_looked_for_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Expressions for all spellings of a key take half a second to compile, on a small computer some."""
    key = base64.b64encode(random.Random(1).randbytes(500)).decode()
    compiled: list[str] = []
    compiler = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compiler(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    assert Spellings([key], logins=[f"me:{key}"]).replaced("Traceback\n" * 200, "***") == "Traceback\n" * 200
    assert sum(map(len, compiled)) < 4 * len(key)
    assert Spellings([key]).replaced(f"a {base64.b64encode(key.encode()).decode()}", "***") == "a ***"


def test_what_is_kept_of_secrets_is_not_shown() -> None:
    """Tracebacks of tools show values of locals."""
    assert "canary" not in repr((_wanted(("canary",), ()), Spellings(["canary"])))
