"""The form of a login page: where it is sent, and what of it holds name and password; pure.

Only what a form needs is read, in one pass: the parser of some Pythons takes minutes for pages that are made for that.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .recognise import LONGEST_PAGE

_TAG = re.compile(r"""<(form|input|button)\b((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_NO_CONTENT = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"))
_NAMES = {"text", "email", "tel", ""}
_SENT_AS_THEY_ARE = {"hidden", "submit"}


@dataclass(frozen=True, slots=True)
class LoginForm:
    """A form with a password, filled in."""

    action: str
    fields: dict[str, str] = field(repr=False)


@dataclass(slots=True)
class _Form:
    action: str
    inputs: list[dict[str, str]] = field(default_factory=list)


def read_login_form(page: bytes, username: str, password: str) -> LoginForm | None:
    """Return the first form with a password, None where there is none."""
    for form in _forms(page[:LONGEST_PAGE].decode("utf-8", "replace")):
        place = next((number for number, shown in enumerate(form.inputs) if shown["type"] == "password"), None)
        if place is not None and form.inputs[place].get("name"):
            return LoginForm(form.action, _filled(form.inputs, place, username, password))
    return None


def _forms(page: str) -> list[_Form]:
    """Return the forms of a page; inputs outside of any belong to one that has no action."""
    for start, end in _NO_CONTENT:
        page = "".join(_outside(page, start, end))
    forms = [_Form("")]
    for found in _TAG.finditer(page):
        tag, attributes = found[1].lower(), _attributes(found[2])
        if tag == "form":
            forms.append(_Form(attributes.get("action", "").strip()))
        else:
            attributes["type"] = attributes.get("type", "submit" if tag == "button" else "").lower()
            forms[-1].inputs.append(attributes)
    return forms


def _outside(page: str, start: str, end: str) -> Iterator[str]:
    """Return what is not between start and end."""
    lower, at = page.lower(), 0
    if len(lower) != len(page):
        lower = page
    while (begin := lower.find(start, at)) >= 0:
        yield page[at:begin]
        found = lower.find(end, begin)
        if found < 0:
            return
        at = found + len(end)
    yield page[at:]


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(next(filter(None, found.groups()[1:]), ""))
        for found in _ATTRIBUTE.finditer(text)
    }


def _filled(inputs: Sequence[dict[str, str]], place: int, username: str, password: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    pressed = False
    for shown in inputs:
        name, kind = shown.get("name", ""), shown["type"]
        if kind in _SENT_AS_THEY_ARE and name and not (kind == "submit" and pressed):
            fields[name] = shown.get("value", "")
            pressed = pressed or kind == "submit"
        elif kind == "checkbox" and name and "checked" in shown:
            fields[name] = shown.get("value") or "on"
    asked = [shown["name"] for shown in inputs[:place] if shown["type"] in _NAMES and shown.get("name")]
    if asked:
        fields[asked[-1]] = username
    fields[inputs[place]["name"]] = password
    return fields
