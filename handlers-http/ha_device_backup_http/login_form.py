"""The form of a login page: where it is sent, and what of it holds name and password; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .recognise import LONGEST_PAGE

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
    parser = _FormParser()
    parser.feed(page[:LONGEST_PAGE].decode("utf-8", "replace"))
    parser.close()
    for form in parser.forms:
        place = next((number for number, shown in enumerate(form.inputs) if shown.get("type") == "password"), None)
        if place is not None and form.inputs[place].get("name"):
            return LoginForm(form.action, _filled(form.inputs, place, username, password))
    return None


class _FormParser(HTMLParser):
    """Collects forms; inputs outside of any belong to one that has no action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = [_Form("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(found.get("action", "").strip()))
        elif tag in {"input", "button"}:
            default = "submit" if tag == "button" else ""
            found["type"] = found.get("type", default).lower()
            self.forms[-1].inputs.append(found)


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
