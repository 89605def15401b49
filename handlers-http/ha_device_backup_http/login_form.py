"""The form of a login page, filled in and sent as a browser does; pure."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from yarl import URL

from ha_device_backup_core.toolkit import Body

from .html_forms import LONGEST_PAGE, Control, HtmlForm, Page, read_page

URLENCODED = "application/x-www-form-urlencoded"
_PLAIN = "text/plain"
_NAMES = frozenset({"text", "email", "tel"})
_WORDS = ("user", "login", "account", "email", "mail", "name", "benutz", "konto")

type Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What is sent, and where to."""

    method: str
    url: URL = field(repr=False)
    body: bytes | None = field(repr=False)
    content_type: str = ""


def read_login_form(page: bytes, url: URL, username: str, password: str, charset: str = "") -> LoginForm | None:
    """Return the first form with a password, filled in; None where there is none, or it leads to no address."""
    start = page[:LONGEST_PAGE]
    read = read_page(start.decode(_codec(charset), "replace"))
    if not charset and _codec(read.charset) != "utf-8":
        read = read_page(start.decode(_codec(read.charset), "replace"))
    for form in read.forms:
        place = next((shown for shown in form.usable() if shown.kind == "password" and shown.name), None)
        if place is not None:
            pairs = tuple(_pairs(form, place, _username_in(form, place), username, password))
            try:
                return _sent(form, read, url, pairs, charset)
            except ValueError:
                return None
    return None


def encoded_form(pairs: Pairs, charset: str = "utf-8") -> bytes:
    """Return the body of a form as most are sent."""
    return urlencode(pairs, encoding=charset, errors="xmlcharrefreplace").encode("ascii")


def _username_in(form: HtmlForm, password: Control) -> Control | None:
    """Return what holds the user name: by what the page says of it, else the last free field before the password."""
    controls = list(form.usable())
    asked = [control for control in controls if control.kind in _NAMES and control.name]
    marked = [control for control in asked if "username" in control.attributes.get("autocomplete", "").lower().split()]
    if marked:
        return marked[0]
    before = [control for control in asked if controls.index(control) < controls.index(password)]
    free = [control for control in before if not control.value]
    called = (control for word in _WORDS for control in free if word in _name_and_id(control))
    return next(called, None) or next(reversed(free or before), None)


def _name_and_id(control: Control) -> str:
    return f"{control.name} {control.attributes.get('id', '')}".lower()


def _pairs(
    form: HtmlForm, place: Control, user: Control | None, username: str, password: str
) -> Iterator[tuple[str, str]]:
    pressed = form.button
    for control in form.usable():
        name = control.name
        if control is pressed:
            yield from _of_button(control)
        elif not name:
            continue
        elif control is place:
            yield name, password
        elif control is user and username:
            yield name, username
        elif user is None and username and control.kind == "select" and (own := _choice(control, username)):
            yield name, own
        else:
            yield from ((name, value) for value in control.sent())


def _of_button(button: Control) -> Iterator[tuple[str, str]]:
    if button.kind == "image":
        prefix = f"{button.name}." if button.name else ""
        yield f"{prefix}x", "0"
        yield f"{prefix}y", "0"
    elif button.name:
        yield button.name, button.value


def _choice(control: Control, username: str) -> str:
    """Return the choice of a list of users."""
    wanted = username.strip().lower()
    return next((option.sent for option in control.options if wanted in _words_of(option.sent, option.label)), "")


def _words_of(*texts: str) -> set[str]:
    return {" ".join(text.split()).lower() for text in texts}


def _sent(form: HtmlForm, page: Page, url: URL, pairs: Pairs, charset: str) -> LoginForm:
    own = form.button.attributes if form.button is not None else {}

    def said(key: str) -> str:
        return own.get(f"form{key}", "").strip() or form.attributes.get(key, "").strip()

    codec = _codec(
        form.attributes.get("accept-charset", "").replace(",", " ").partition(" ")[0] or charset or page.charset
    )
    action = said("action")
    target = url if not action else (url.join(URL(page.base)) if page.base else url).join(URL(action))
    target = target.with_fragment(None)
    is_sent_by_script = "onsubmit" in form.attributes or not action
    if said("method").lower() == "get" or not (said("method") or is_sent_by_script):
        return LoginForm(
            "GET", URL(f"{target.with_query(None)}?{encoded_form(pairs, codec).decode()}", encoded=True), None
        )
    match said("enctype").lower():
        case "multipart/form-data":
            files = {control.name for control in form.usable() if control.kind == "file"}
            body = _multipart(pairs, files, codec)
            return LoginForm("POST", target, body.content, body.content_type)
        case "text/plain":
            lines = "".join(f"{name}={value}\r\n" for name, value in pairs)
            return LoginForm("POST", target, lines.encode(codec, "xmlcharrefreplace"), _PLAIN)
    return LoginForm("POST", target, encoded_form(pairs, codec), URLENCODED)


def _multipart(pairs: Pairs, files: set[str], charset: str) -> Body:
    parts = []
    for name, value in pairs:
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        extra = '; filename=""\r\nContent-Type: application/octet-stream' if name in files else ""
        part = f'Content-Disposition: form-data; name="{quoted}"{extra}\r\n\r\n{value}'
        parts.append(part.encode(charset, "xmlcharrefreplace"))
    return Body.of_parts(parts)


def _codec(charset: str) -> str:
    """Return the codec that browsers use for a charset, UTF-8 for an unknown one."""
    try:
        codec = codecs.lookup(charset.strip()).name
        "".encode(codec)
    except LookupError:
        return "utf-8"
    # Browsers take Latin-1 and ASCII for the code page of Windows, and UTF-16 of a form for UTF-8.
    return "cp1252" if codec in {"iso8859-1", "ascii"} else "utf-8" if codec.startswith(("utf-16", "utf-32")) else codec
