"""The form of a login page: found, filled in, and never sent to another address; pure."""

from yarl import URL

from ha_device_backup_core import AuthenticationError, UnexpectedResponseError
from ha_device_backup_core.toolkit import Response, is_web_page

from ..login_form import LoginForm, leads_to, read_login_form
from ..recognise import asks_for_password
from ..translation import _
from .judging import by_status, challenges, other_login
from .sources import Answer
from .steps import GOOD

FILL_IN = "fill_in"
LOGIN = ("username", "password")
NO_FORM = _("The login page has no form with a password.")
_UNAUTHORIZED = 401
_REFUSED = frozenset({_UNAUTHORIZED, 403})
"""Some show the page with these, since one is not logged in."""


def form_of_page(page: Answer, username: str, password: str) -> LoginForm:
    """Return the form of a login page, filled in; raise DeviceError for a page that has none, or is none."""
    response = page.response
    status = response.status
    wanted = challenges(page)
    if status == _UNAUTHORIZED and wanted and not asks_for_password(response.body):
        raise AuthenticationError(other_login(", ".join(wanted)))
    if status not in GOOD | _REFUSED:
        raise by_status(page, "none")
    form = read_login_form(response.body, response.url, username, password, response.charset)
    if form is None or form.url.scheme not in {"http", "https"}:
        raise (AuthenticationError if status in _REFUSED else UnexpectedResponseError)(NO_FORM)
    if form.url.origin() != response.url.origin():
        raise UnexpectedResponseError(
            _("The form of the login page sends the password to another address; it was not sent.")
        )
    return form


def page_behind(page: Response) -> URL | None:
    """Return the address at the same device that a page without a login leads to by itself, None where it stays."""
    if not is_web_page(page.body) or asks_for_password(page.body):
        return None
    onward = leads_to(page.body, page.url, page.charset)
    is_near = onward is not None and onward.scheme in {"http", "https"} and onward.origin() == page.url.origin()
    return onward if is_near and onward != page.url.with_fragment(None) else None
