"""The form of a login page, filled in and sent as a browser does; pure."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from yarl import URL

from ha_device_backup_core.toolkit import Body

from .html_forms import LONGEST_PAGE, Control, HtmlForm, Page, read_page

URLENCODED = "application/x-www-form-urlencoded"
_PLAIN = "text/plain"
_CHARSET = "_charset_"
"""A field that browsers fill in themselves."""
_NAMES = frozenset({"text", "email", "tel", "search", "url", "number"})
_PASSWORDS = re.compile(r"pass(?:wor[dt]|wd)?|pwd?|kennwort|psw", re.IGNORECASE)
_NEW = "new-password"
_WORDS = ("user", "login", "account", "email", "mail", "name", "benutz", "konto")
_NAMES_OF_USERS = frozenset({"user", "username", "login", "account", "email", "benutzer", "benutzername", "userid"})

type Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What is sent, and where to."""

    method: str
    url: URL = field(repr=False)
    body: bytes | None = field(repr=False)
    content_type: str = ""


def read_login_form(page: bytes, url: URL, username: str, password: str, charset: str = "") -> LoginForm | None:
    """Return the form that one logs in by, filled in; None where there is none, or it leads to no address."""
    read = _read(page, charset)
    form, place = _of_login(read.forms)
    if place is None:
        return None
    pairs = tuple(_pairs(form, place, username_in(form, place), username, password, _charset(form, read, charset)))
    try:
        return _sent(form, read, url, pairs, charset)
    except ValueError:
        return None


def leads_to(page: bytes, url: URL, charset: str = "") -> URL | None:
    """Return the address that a page leads to by itself, None where it stays."""
    read = _read(page, charset)
    try:
        return _place(read, url).join(URL(read.refresh)).with_fragment(None) if read.refresh else None
    except ValueError:
        return None


def _read(page: bytes, charset: str) -> Page:
    start = page[:LONGEST_PAGE]
    read = read_page(start.decode(_codec(charset), "replace"))
    if not charset and _codec(read.charset) != "utf-8":
        read = read_page(start.decode(_codec(read.charset), "replace"))
    return read


def _place(page: Page, url: URL) -> URL:
    """Return what the addresses in a page are relative to."""
    try:
        return url.join(URL(page.base)) if page.base else url
    except ValueError:
        return url


def _of_login(forms: Sequence[HtmlForm]) -> tuple[HtmlForm, Control | None]:
    """Return the form with one password, before those that set a new one, and the place of the password in it."""
    found = [(form, places) for form in forms if (places := list(_hidden_places(form)))]
    for form, places in sorted(found, key=lambda pair: (len(pair[1]) > 1, _NEW in _completion(pair[1][0]))):
        return form, places[0]
    # Some show the password as it is typed.
    for form in forms:
        for control in form.usable():
            if control.kind == "text" and control.name and _PASSWORDS.search(_name_and_id(control)):
                return form, control
    return HtmlForm(), None


def _hidden_places(form: HtmlForm) -> Iterator[Control]:
    return (control for control in form.usable() if control.kind == "password" and control.name)


def _completion(control: Control) -> list[str]:
    return control.attributes.get("autocomplete", "").lower().split()


def encoded_form(pairs: Pairs, charset: str = "utf-8") -> bytes:
    """Return the body of a form as most are sent."""
    return urlencode(pairs, encoding=charset, errors="xmlcharrefreplace").encode("ascii")


def username_in(form: HtmlForm, password: Control) -> Control | None:
    """Return what holds the user name: by what the page says of it, else the last free field before the password."""
    controls = list(form.usable())
    asked = [control for control in controls if control is not password and _can_be_entered(control)]
    marked = [control for control in asked if "username" in _completion(control)]
    if marked:
        return marked[0]
    before = [control for control in asked if controls.index(control) < controls.index(password)]
    free = [control for control in before if not control.value]
    called = (control for word in _WORDS for control in free if word in _name_and_id(control))
    # Behind the password, or filled in by a script, it is known by its name alone.
    others = (control for control in controls if not control.value and (control in asked or control.kind == "hidden"))
    named = (control for control in others if set(_name_and_id(control).split()) & _NAMES_OF_USERS)
    return next(called, None) or next(reversed(free or before), None) or next(named, None)


def _can_be_entered(control: Control) -> bool:
    return control.kind in _NAMES and bool(control.name) and control.is_seen and "readonly" not in control.attributes


def _name_and_id(control: Control) -> str:
    return f"{control.name} {control.attributes.get('id', '')}".lower()


def _pairs(
    form: HtmlForm, place: Control, user: Control | None, username: str, password: str, charset: str
) -> Iterator[tuple[str, str]]:
    pressed = form.button
    radios = _chosen_radios(form, "" if user is not None else username)
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
        elif name == _CHARSET and control.kind == "hidden":
            yield name, charset
        elif control.kind == "radio":
            yield from ((name, value) for value in (control.attributes.get("value", "on"),) if control in radios)
        else:
            yield from ((name, value) for value in control.sent())


def _chosen_radios(form: HtmlForm, username: str) -> list[Control]:
    """Return one of each group: the one of the user, that which is chosen, or the first where one has to be."""
    groups: dict[str, list[Control]] = {}
    for control in form.usable():
        if control.kind == "radio" and control.name:
            groups.setdefault(control.name, []).append(control)
    wanted = username.strip().lower()
    chosen = []
    for group in groups.values():
        own = [radio for radio in group if wanted and radio.attributes.get("value", "").strip().lower() == wanted]
        # Of several that are chosen the last one counts.
        marked = [radio for radio in group if "checked" in radio.attributes][-1:]
        needed = group[:1] if any("required" in radio.attributes for radio in group) else []
        chosen += (own or marked or needed)[:1]
    return chosen


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


def _charset(form: HtmlForm, page: Page, charset: str) -> str:
    """Return what a form is encoded in, by its name."""
    own = form.attributes.get("accept-charset", "").replace(",", " ").partition(" ")[0]
    return own or charset or page.charset or "UTF-8"


def _sent(form: HtmlForm, page: Page, url: URL, pairs: Pairs, charset: str) -> LoginForm:
    own = form.button.attributes if form.button is not None else {}

    def said(key: str) -> str:
        return own.get(f"form{key}", "").strip() or form.attributes.get(key, "").strip()

    codec = _codec(_charset(form, page, charset))
    action = said("action")
    target = url if not action else _place(page, url).join(URL(action))
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
