"""How one logs in by a request, as steps of a recipe: the form of a page, or JSON; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from yarl import URL

from ...decoding import text_of
from ...html_forms import Control, HtmlForm, read_page
from ...json_files import read_json
from ...login_form import username_in
from ..templates import Value
from .places import pointer_text, words_of

_SESSION = re.compile(r"(?:^|_)(?:token|sid|jwt|session|session_?id|ticket)$")
_DEEPEST = 4
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.:-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLogin:
    """How the form of a page is sent."""

    page: str
    request: str
    fields: dict[str, str] = field(default_factory=dict)
    captures: dict[str, str] = field(default_factory=dict)
    """What the page holds anew each time, and where."""

    @property
    def is_sent_in_address(self) -> bool:
        """Whether its fields are part of the address."""
        return self.request.startswith("GET ")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLogin:
    """A login in JSON, and where its answer has the session."""

    request: str
    fields: dict[str, str]
    session: str = ""
    """As a capture says it; empty for a cookie."""


type LoginSteps = FormLogin | JsonLogin


def json_login(path: str, *, has_username: bool) -> JsonLogin:
    """Return the usual login in JSON, before anything is known of its answer."""
    fields = {"username": "{username}"} if has_username else {}
    return JsonLogin(request=f"POST {path}", fields={**fields, "password": "{password}"})


def session_in(answer: bytes) -> str:
    """Return where the answer to a login has the session, as a capture says it; empty where it has none."""
    return next((f"json:{pointer_text(place)}" for place in _sessions(read_json(answer), ())), "")


def _sessions(value: Value, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the places that are called as sessions are, the shallow ones first."""
    if isinstance(value, dict) and len(place) < _DEEPEST:
        for key, inner in value.items():
            if isinstance(inner, str) and inner and _SESSION.search(words_of(key)):
                yield (*place, key)
        for key, inner in value.items():
            yield from _sessions(inner, (*place, key))


def form_login(page: bytes, path: str, base: str) -> FormLogin | None:
    """Return how the first form with a password on a page is sent; None without one, or one that leads elsewhere."""
    for form in read_page(text_of(page) or "").forms:
        password = next((shown for shown in form.usable() if shown.kind == "password" and shown.name), None)
        if password is not None:
            return _login(form, password, path, base)
    return None


def _login(form: HtmlForm, password: Control, path: str, base: str) -> FormLogin | None:
    origin = URL(base)
    try:
        action = form.attributes.get("action", "").strip()
        target = origin.join(URL(path)).join(URL(action)) if action else origin.join(URL(path))
        if target.origin() != origin.origin():
            return None
    except ValueError:
        return None
    is_post = form.attributes.get("method", "").lower() == "post" or not action
    captures: dict[str, str] = {}
    fields = dict(_fields(form, password, captures))
    line = f"{'POST' if is_post else 'GET'} {target.with_fragment(None).raw_path_qs}"
    return FormLogin(page=path, request=line, fields=fields, captures=captures)


def _fields(form: HtmlForm, password: Control, captures: dict[str, str]) -> Iterator[tuple[str, str]]:
    user = username_in(form, password)
    for control in form.usable():
        name = control.name
        if not name or control.kind == "image":
            continue
        if control is password:
            yield name, "{password}"
        elif control is user:
            yield name, "{username}"
        elif control.kind == "hidden" and control.value and _PLAIN_NAME.fullmatch(name):
            value = f"hidden_{len(captures) + 1}"
            captures[value] = f"html:input[name={name}]@value"
            yield name, f"{{{value}}}"
        elif control is form.button:
            yield name, control.value
        else:
            yield from ((name, sent) for sent in control.sent())
