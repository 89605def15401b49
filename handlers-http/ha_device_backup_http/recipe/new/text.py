"""A recipe as text, with comments for whoever goes on with it; pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .changes import Changing
from .facts import DeviceFact, Facts
from .login_steps import FormLogin, JsonLogin, LoginSteps
from .secrecy import SecretPlaces
from .seen import Seen
from .wanted import WITH_PASSWORD, WITH_REQUEST, WITH_TOKEN, Wanted

SCHEMA = "https://raw.githubusercontent.com/ha-device-backups/ha-device-backups/main/docs/recipe.schema.json"
_LOG_OUT = "# If devices of this kind have few seats, log out: [[close]] with request = …"
_WIDTH = 110
_PAGE_WITH_PASSWORD = "(?i)type=.?password"  # noqa: S105 - what a login page shows
_CAPTURED = ("version", "model", "name", "mac")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What two fetches showed."""

    file: str
    seen: Seen
    facts: Facts
    unique_id: DeviceFact | None
    asked: str
    """The path that the facts came from; empty where nothing tells who it is."""
    changes: tuple[Changing, ...] | None
    secrets: tuple[SecretPlaces, ...]
    tested: str


def draft(
    wanted: Wanted, form: LoginSteps | None, requests: Sequence[tuple[str, str]], *, redirects: bool = False
) -> str:
    """Return a recipe that only fetches what is at some paths, as files of these names."""
    lines = [*_head(wanted, "draft"), *_login(wanted, form)]
    for name, path in requests:
        lines += ["[[fetch]]", _pair("request", f"GET {path}"), _pair("save", name), 'form = "any"']
        lines += ["redirects = true"] if redirects else []
    return "\n".join(lines) + "\n"


def login_draft(wanted: Wanted, login: JsonLogin, name: str) -> str:
    """Return a recipe that only keeps the answer to a login as a file of that name."""
    lines = [*_head(wanted, "draft"), "", "[[fetch]]", *_json_request(login), _pair("save", name), 'form = "any"']
    return "\n".join(lines) + "\n"


def recipe_text(wanted: Wanted, form: LoginSteps | None, found: Findings) -> str:
    """Return the recipe."""
    lines = [
        f"#:schema {SCHEMA}",
        f"# Begun by `ha-device-backup recipe new`, from what one {_one_line(wanted.name)} answered.",
        *_head(wanted, found.tested),
        *_login(wanted, form),
        *_identity(found),
        *_fetch(wanted, found),
        *_changes(found),
        *_secrets(found),
        "",
        "# Write here how a person puts a backup back, a step a line; or how requests do (docs/writing-a-recipe.md).",
        "# [restore]",
        '# guide = ["Open the page of the device, then …"]',
    ]
    # What a device says may hold halves of characters, which no file takes.
    return ("\n".join(lines) + "\n").encode("utf-8", "replace").decode()


def _head(wanted: Wanted, tested: str) -> Iterator[str]:
    yield "format = 1"
    yield f"{_pair('kind', wanted.kind)}  # stays for ever"
    yield _pair("name", wanted.name)
    if wanted.manufacturer:
        yield _pair("manufacturer", wanted.manufacturer)
    yield f"{_pair('tested', tested)}  # add the other versions for which you know it"
    yield _pair("base", "{url}")
    yield from _field("url", "url")
    if wanted.login.style in WITH_PASSWORD:
        yield from _field("username", "text") if wanted.login.username else ()
        yield from _field("password", "secret")
    if wanted.login.style in WITH_TOKEN:
        yield from _field("token", "secret")
    for key in wanted.in_paths:
        yield from _field(key, "secret", label=key.replace("_", " ").capitalize())


def _field(key: str, kind: str, *, label: str = "") -> Iterator[str]:
    yield from ("", "[[field]]", _pair("key", key), _pair("kind", kind))
    if label:
        yield _pair("label", label)
    yield "required = true"


def _login(wanted: Wanted, form: LoginSteps | None) -> Iterator[str]:
    login = wanted.login
    if isinstance(form, FormLogin):
        yield from _form_login(form)
    elif isinstance(form, JsonLogin):
        yield from _json_login(form, login.name)
    elif login.style in (WITH_PASSWORD | WITH_TOKEN) - WITH_REQUEST:
        yield from ("", "[auth]", _pair("scheme", login.style))
        if login.style in WITH_PASSWORD:
            yield from (_pair("username", "{username}"), _pair("password", "{password}"))
        else:
            yield _pair("token", "{token}")
        if login.style in WITH_TOKEN and login.name:
            yield _pair("name", login.name)
    if login.style in WITH_REQUEST:
        close = ["[[close]]", _pair("request", login.logout)] if login.logout else [_LOG_OUT]
        yield from ("", *close)
    yield ""


def _form_login(form: FormLogin) -> Iterator[str]:
    if form.captures:
        yield from ("", "[[open]]                                 # the form holds another value each time")
        yield from (_pair("request", f"GET {form.page}"), "redirects = true")
        yield from (_pair(f"capture.{name}", source) for name, source in form.captures.items())
    yield from ("", "[[open]]", _pair("request", form.request))
    yield f"{'query' if form.is_sent_in_address else 'form_fields'} = {{ {_inline(form.fields)} }}"
    yield from ("expect.status = [200, 204, 302, 303]", "", "[[open.error]]                           # it asks again")
    yield from ("status = 200", _pair("body", _PAGE_WITH_PASSWORD), 'means = "auth"')


def _json_login(login: JsonLogin, header: str) -> Iterator[str]:
    if login.session:
        value = "{session}" if header else "Bearer {session}"
        yield from ("", "[headers]                                # sent as soon as the session is known")
        yield f"{_string(header or 'Authorization')} = {_string(value)}"
    yield from ("", "[[open]]", *_json_request(login))
    if login.session:
        yield _pair("capture.session", login.session)


def _json_request(login: JsonLogin) -> Iterator[str]:
    yield _pair("request", login.request)
    yield f"json = {{ {_inline(login.fields)} }}"


def _inline(fields: Mapping[str, str]) -> str:
    return ", ".join(f"{_string(name)} = {_string(value)}" for name, value in fields.items())


def _identity(found: Findings) -> Iterator[str]:
    facts = {role: fact for role in _CAPTURED if (fact := getattr(found.facts, role)) is not None}
    captured = {**({"id": found.unique_id} if found.unique_id else {}), **facts}
    if not captured:
        yield "# Nothing tells which device it is. Where a request does: [[identify]], and [device] with unique_id."
        yield ""
        return
    yield "[[identify]]                             # who it is; let it ask for something that needs the login"
    yield _pair("request", f"GET {found.asked}")
    yield from (_pair(f"capture.{name}", fact.source) for name, fact in captured.items())
    others = [fact.source for fact in found.facts.unique_ids if fact != found.unique_id]
    if others:
        yield f"# Others that may tell it from all others: {', '.join(map(_one_line, others))}"
    yield from ("", "[device]")
    if found.unique_id is not None:
        yield 'unique_id = "{id}"                       # a serial number or a MAC address, never an address'
    else:
        yield '# unique_id = "{id}"                     # nothing was chosen: a serial number or a MAC address'
    yield from (_pair(role, f"{{{role}}}") for role in facts)
    yield ""


def _fetch(wanted: Wanted, found: Findings) -> Iterator[str]:
    yield from ("[[fetch]]", _pair("request", f"GET {wanted.path}"), _pair("save", found.file))
    yield f"{_pair('form', found.seen.form)}  # what it has to be, whatever the device says of it"
    if found.seen.root:
        yield _pair("root", found.seen.root)
    for key in ("required", "members", "contains"):
        if values := getattr(found.seen, key):
            yield "# What every one has to have. Is there a model or a version that lacks it?"
            yield _pair(key, list(values))
    if not (found.seen.required or found.seen.members or found.seen.contains):
        yield "# Add required, members or contains: what every one has to have (docs/recipe-files.md)."


def _changes(found: Findings) -> Iterator[str]:
    yield ""
    if found.changes is None:
        yield "# Two fetches had too little in common: each backup counts as a change. Is it encrypted?"
    elif not found.changes:
        yield "# Two fetches were equal. What changes by itself only later goes into [[compare]]."
    for number, change in enumerate(found.changes or ()):
        if not number:
            yield "# What differed between two fetches. Drop what a person sets; add what changes by itself only later."
        yield from ("[[compare]]", _pair("file", change.file))
        if change.skip:
            yield "skip = true                              # no change in it is ever noticed"
        for key in ("json", "unordered", "xml", "lines"):
            if values := getattr(change, key):
                yield _pair(key, list(values))


def _secrets(found: Findings) -> Iterator[str]:
    yield ""
    if not found.secrets:
        yield "# Nothing sounds like a secret, or too much does: nobody is shown the file. If nothing in it is secret:"
        yield from ("# [[secret]]", f"# {_pair('file', found.file)}", "# nothing = true")
        return
    yield "# What sounds like a secret. Look through the file for others: all else is shown when backups are compared."
    for secret in found.secrets:
        yield from ("[[secret]]", _pair("file", secret.file))
        for key in ("json", "xml", "lines"):
            if values := getattr(secret, key):
                yield _pair(key, list(values))


def _pair(key: str, value: str | list[str]) -> str:
    if isinstance(value, str):
        return f"{key} = {_string(value)}"
    line = f"{key} = [{', '.join(map(_string, value))}]"
    if len(line) <= _WIDTH:
        return line
    return f"{key} = [\n" + "".join(f"  {_string(one)},\n" for one in value) + "]"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
