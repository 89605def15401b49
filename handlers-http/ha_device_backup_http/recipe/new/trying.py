"""Tries what an author said: fetches with the engine, as a job would."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ha_device_backup_core import Artifact

from ...translation import _
from ..loader import load_recipe
from ..packages import handler_of
from .desk import Desk
from .login_steps import FormLogin, JsonLogin, LoginSteps, form_login, json_login, session_in
from .options import UsageError
from .text import draft, login_draft
from .wanted import Wanted, WantedLogin

CONFIGURATION, INFO = "configuration", "info"
_ANSWER = "answer"
_PAGE = "page.html"
"""Its ending says that it may be a web page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What two fetches got, and the form of the login page."""

    first: Mapping[str, bytes] = field(repr=False)
    second: Mapping[str, bytes] = field(repr=False)
    form: LoginSteps | None


def tried(wanted: Wanted, terminal: Desk, pause: float) -> Tried:
    """Fetch twice; raise DeviceBackupError, RecipeError for a path that cannot be, UsageError without a form."""
    form: LoginSteps | None = None
    if wanted.login.style == "form":
        form = _form(wanted, terminal)
    elif wanted.login.style == "json":
        form = _json(wanted, terminal)
    requests = [(CONFIGURATION, wanted.path), *([(INFO, wanted.info)] if wanted.info else [])]
    text = draft(wanted, form, requests)
    terminal.warn(_("Asking {url} …", url=wanted.url))
    first = _fetched(text, wanted, terminal).files()
    wait_for_changes(terminal, pause)
    return Tried(first=first, second=_fetched(text, wanted, terminal).files(), form=form)


def wait_for_changes(terminal: Desk, pause: float) -> None:
    """Give what counts and runs at the device time to show."""
    terminal.warn(_("It answered. Once more, to see what changes by itself …"))
    time.sleep(pause)


def stays_equal(text: str, wanted: Wanted, terminal: Desk, before: bytes) -> bool:
    """Return whether a backup by the finished recipe is equal to what was fetched before; raise as a job does."""
    handler = handler_of(load_recipe("recipe", text.encode()), __name__)
    made = terminal.fetch(handler, wanted.entered)
    earlier = Artifact(filename=made.filename, media_type=made.media_type, content=before)
    return handler.normalize(made) == handler.normalize(earlier)


def _form(wanted: Wanted, terminal: Desk) -> FormLogin:
    bare = replace(wanted, login=WantedLogin(), in_paths={})
    page = wanted.login.page
    content = _fetched(draft(bare, None, [(_PAGE, page)], redirects=True), bare, terminal).files()[_PAGE]
    form = form_login(content, page, wanted.url)
    if form is None:
        raise UsageError(_("There is no form with a password at {page}.", page=page))
    return form


def _json(wanted: Wanted, terminal: Desk) -> JsonLogin:
    """Log in once to see where the answer has the session; that one stays open until the device forgets it."""
    login = json_login(wanted.login.page, has_username=bool(wanted.login.username))
    answer = _fetched(login_draft(wanted, login, _ANSWER), wanted, terminal).files()[_ANSWER]
    return replace(login, session=session_in(answer))


def _fetched(text: str, wanted: Wanted, terminal: Desk) -> Artifact:
    return terminal.fetch(handler_of(load_recipe("recipe", text.encode()), __name__), wanted.entered)
