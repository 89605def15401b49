"""The recipe that the form fills: what a person entered, as data for the one engine, or for a file; pure."""

from collections.abc import Iterator
from typing import Any

from ha_device_backup_core import Text

from ..recipe.judging import other_login
from ..recipe.step_language import FORMAT
from ..translation import _
from .addresses import FileToFetch, path_of
from .entered import EnteredForm, is_json
from .fields import LARGEST_MIB, SECONDS

type FormRecipe = dict[str, Any]

_AUTOMATIC = "auto"
_BY_PASSWORD = frozenset({"basic", "digest", "form"})
_CONTENT_TYPE = "content-type"
_JSON = "application/json"
_URLENCODED = "application/x-www-form-urlencoded"
_REFERER = "Referer"
_SUCCESSES = (200, 201, 204)
_REDIRECTS = (301, 302, 303, 307, 308)
_REFUSALS = [400, 401, 403, 422]
_SCHEMES = ("Basic", "Digest", "Bearer", "Negotiate", "Ntlm")
_LOGIN_WANTED = _("It asks for a login, and none is set. Choose under “Login” how one logs in there.")
_WRONG_LOGIN = _("Try user name and password in a browser at the address of the login.")
_WRONG_KEY = _("The key or token is wrong, has expired, or is expected in another place.")
_NOT_ALLOWED = _("This login may not read the address. Choose a user who may.")
_LOGIN_AGAIN = _("It showed its login page again instead of the backup.")
_TOKEN_REFUSED = _(
    "The login worked, but this address does not take its token. Enter under “Name of the key”"
    " where the token goes: a header such as X-Session, or ?sid for the URL."
)
_LEADS_ELSEWHERE = _(
    "It redirects to another address, which is not followed. Enter the address that the browser ends at."
)


def document_of(wanted: EnteredForm, kind: str, name: Text) -> FormRecipe:
    """Return the recipe by which what was entered is backed up."""
    document: FormRecipe = {
        "format": FORMAT,
        "kind": kind,
        "name": name,
        "base": "{url}",
        "timeout": SECONDS,
        "max_size": LARGEST_MIB,
        "field": list(_fields(wanted)),
        "headers": _headers(wanted),
        "fetch": list(_fetch(wanted)),
    }
    if (auth := _auth(wanted)) is not None:
        document["auth"] = auth
    if wanted.login.url is not None:
        document["open"] = [_open(wanted)]
    if wanted.ignore:
        rule = {"file": "*", "json": wanted.ignored_places, "laid_out": wanted.ignored_lines}
        document["compare"] = [{key: value for key, value in rule.items() if value}]
    return document


def _fields(wanted: EnteredForm) -> Iterator[FormRecipe]:
    yield {"key": "url", "kind": "url", "required": True}
    is_asked = wanted.login.kind in _BY_PASSWORD
    for key, kind in (("username", "text"), ("password", "secret"), ("token", "secret")):
        if wanted.values[key] or (is_asked and key != "token"):
            yield {"key": key, "kind": kind, "required": bool(wanted.values[key])}


def _auth(wanted: EnteredForm) -> FormRecipe | None:
    login = wanted.login
    match login.kind:
        case "basic" | "digest":
            return {"scheme": login.kind, "username": "{username}", "password": "{password}"}
        case "bearer":
            return {"scheme": login.kind, "token": "{token}"}
        case "header" | "query":
            return {"scheme": login.kind, "token": "{token}", "name": login.header or login.parameter}
    return None


def _headers(wanted: EnteredForm) -> dict[str, str]:
    headers = {name: value for name, value in wanted.headers.items() if name.lower() != _CONTENT_TYPE}
    if not any(name.lower() == _REFERER.lower() for name in headers):
        # As a browser that clicks on the page of the device; some refuse a login or a download without it.
        headers[_REFERER] = "{url}/"
    login = wanted.login
    if login.answer and login.header:
        headers = {name: value for name, value in headers.items() if name.lower() != login.header.lower()}
        headers[login.header] = "Bearer {session}" if login.is_bearer else "{session}"
    return headers


def _open(wanted: EnteredForm) -> FormRecipe:
    """Return the step that logs in; whether that worked is seen by the token, or else by what comes afterwards."""
    login = wanted.login
    assert login.url is not None  # noqa: S101 - for the types: there is no such step without it
    path = path_of(login.url, wanted.placeholders)
    if login.fields is None:
        step: FormRecipe = {"request": f"GET {path}"}
        step["fill_in"] = {"username": "{username}", "password": "{password}"}
    else:
        step = {"request": f"POST {path}", "json" if login.as_json else "form_fields": dict(login.fields)}
    step["goes_on"] = True
    answered = [*_SUCCESSES, *_REDIRECTS]
    step["expect"] = {"status": answered}
    refusals: list[FormRecipe] = [{"status": _REFUSALS}, {"status": answered, "asks_password": True}]
    if login.answer:
        step["capture"] = {"session": f"json:{login.answer}"}
        refusals.append({"status": answered, "only_error": True})
    later = {} if login.answer else {"later": True}
    step["error"] = [{**refusal, "means": "auth", "text": _WRONG_LOGIN, **later} for refusal in refusals]
    return step


def _fetch(wanted: EnteredForm) -> Iterator[FormRecipe]:
    main = _file(wanted, wanted.main, wanted.method, is_page=wanted.content == "page")
    main["form"] = wanted.content
    main |= {"contains": wanted.pattern} if wanted.pattern else {}
    main |= {"at_least": wanted.minimum_size} if wanted.minimum_size else {}
    if wanted.body:
        has_json = is_json(wanted.body)
        main["body"] = wanted.placeholders.template(wanted.body, "|json" if has_json else "|form")
        own = {name: value for name, value in wanted.headers.items() if name.lower() == _CONTENT_TYPE}
        main["headers"] = own or {"Content-Type": _JSON if has_json else _URLENCODED}
    yield main
    for target in wanted.more:
        step = _file(wanted, target, "GET", is_page=False)
        # Beside the first file one of a single line is a file as well.
        yield {**step, "form": _AUTOMATIC, "at_least": 1, **({"may_be_absent": True} if target.optional else {})}


def _file(wanted: EnteredForm, target: FileToFetch, method: str, *, is_page: bool) -> FormRecipe:
    login, url = wanted.login, target.url
    if login.kind == "query":
        url = url.without_query_params(login.parameter)
    step: FormRecipe = {"request": f"{method} {path_of(url, wanted.placeholders)}", "redirects": True}
    if login.answer and login.parameter:
        step["query"] = {login.parameter: "{session}"}
    return {**step, "save": target.name, "error": list(_errors(wanted, target, is_page=is_page))}


def _errors(wanted: EnteredForm, target: FileToFetch, *, is_page: bool) -> Iterator[FormRecipe]:
    """Return what the answers mean that are none of what was asked for, in words about the fields of the form."""
    login = wanted.login
    again = _meaning("auth", _LOGIN_WANTED if login.kind == "none" else _LOGIN_AGAIN)
    match login.kind:
        case "none":
            yield {"status": 401, **_meaning("auth", _LOGIN_WANTED)}
            yield {"status": 403, **_meaning("permission", _LOGIN_WANTED)}
        case "basic" | "digest":
            yield from _challenges(login.kind.capitalize())
            yield {"status": 403, **_meaning("permission", _NOT_ALLOWED)}
        case "form":
            if login.answer:
                yield {"status": 401, **_meaning("permission", _TOKEN_REFUSED)}
            yield {"status": [401, 403], "asks_password": True, **again}
            if login.url is not None and target.url.path != login.url.path:
                yield {"led_to": login.url.path, **again}
            yield {"status": 401, **_meaning("auth", _WRONG_LOGIN)}
            yield {"status": 403, **_meaning("permission", _NOT_ALLOWED)}
        case _:
            yield {"status": [401, 403], **_meaning("auth", _WRONG_KEY)}
    if not is_page:
        yield {"asks_password": True, **again}
    yield {"status": [300, *_REDIRECTS, 304], **_meaning("unexpected", _LEADS_ELSEWHERE)}


def _challenges(own: str) -> Iterator[FormRecipe]:
    """Return what the kinds of login mean that a device asks for, the one that was chosen first."""
    header = "WWW-Authenticate"
    for scheme in sorted(_SCHEMES, key=lambda scheme: scheme != own):
        text = _WRONG_LOGIN if scheme == own else other_login(scheme)
        yield {"status": 401, "header": {header: f"(?i){scheme}"}, **_meaning("auth", text)}
    yield {"status": 401, **_meaning("auth", _WRONG_LOGIN)}


def _meaning(means: str, text: Text) -> FormRecipe:
    return {"means": means, "text": text}


def without_words(document: FormRecipe) -> FormRecipe:
    """Return a recipe without the words of the form, for people who have another one in front of them."""

    def kept(step: FormRecipe, *, phase: str) -> FormRecipe:
        rules = [{key: value for key, value in rule.items() if key != "text"} for rule in step["error"]]
        # What a status alone says when something is fetched, every recipe says.
        rules = [rule for rule in rules if phase == "open" or rule.keys() - {"status", "header", "means"}]
        step = {key: value for key, value in step.items() if key != "error"}
        return {**step, "error": rules} if rules else step

    steps: FormRecipe = {
        phase: [kept(step, phase=phase) for step in document[phase]] for phase in ("open", "fetch") if phase in document
    }
    return {**document, **steps}
