"""What an answer means: an error that the recipe names, one that its status tells, or what was expected; pure."""

import re
from collections.abc import Mapping, Sequence

from ha_device_backup_core import (
    AuthenticationError,
    DeviceBusyError,
    DeviceError,
    PermissionDeniedError,
    Text,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    joined,
)
from ha_device_backup_core.toolkit import Response, is_web_page

from ..error_answers import is_only_an_error
from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..recognise import asks_for_password
from ..safe_names import shown_path
from ..translation import _
from .sources import Answer, NotOfFormError, values_at
from .steps import GOOD, ErrorRule, Expectation, Step
from .templates import Value, filled_in
from .validity import lines_of_text

_CHALLENGE = re.compile(r"(?:^|,)\s*(basic|digest|bearer|negotiate|ntlm)\b", re.IGNORECASE)
NOT_THERE = frozenset({404, 405})
GONE = frozenset({404, 405, 410, 501})
_KEYS = frozenset({"bearer", "header", "query"})
_BUSY = frozenset({429, 503})
_REDIRECTS = range(300, 400)
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_LARGEST_ERROR = 64 * 1024


def refuse_errors(
    answer: Answer, step: Step, errors: Sequence[ErrorRule], scheme: str, values: Mapping[str, Value]
) -> DeviceError | None:
    """Raise what an answer means where that is an error; those of the step are looked at first.

    Returns what it may mean, where only the answers afterwards tell.
    """
    suspicion = refuse_named(answer, (*step.errors, *errors), values)
    if suspicion is None and answer.response.status not in (step.expect.status or GOOD):
        raise by_status(answer, scheme)
    return suspicion


def refuse_named(answer: Answer, rules: Sequence[ErrorRule], values: Mapping[str, Value]) -> DeviceError | None:
    """Raise what an answer means by the first rule that holds, or return it where only later answers tell."""
    rule = next((rule for rule in rules if holds(rule.condition, answer, values)), None)
    if rule is None or rule.is_later:
        return None if rule is None else _named(rule, answer)
    raise _named(rule, answer)


def refuse_unexpected(answer: Answer, step: Step, values: Mapping[str, Value]) -> None:
    """Raise UnexpectedResponseError for an answer that is not what the recipe expects."""
    if not holds(step.expect, answer, values):
        raise UnexpectedResponseError(
            _("It answered {path} in another way than devices of this kind do.", path=shown_path(answer.response.url))
        )


def holds(condition: Expectation, answer: Answer, values: Mapping[str, Value]) -> bool:
    """Return whether all that a condition says is so."""
    if condition.closed and answer.closed not in condition.closed:
        return False
    if condition.status and answer.response.status not in condition.status:
        return False
    if condition.json and not _holds_json(condition, answer, values):
        return False
    if condition.body and not _holds_body(condition.body, answer.response.body):
        return False
    return _holds_look(condition, answer.response)


def _holds_look(condition: Expectation, response: Response) -> bool:
    """Return whether the headers are so, and what kind of an answer it is."""
    for name, pattern in condition.header.items():
        if not any(_is_found(pattern, line) for line in response.values(name)):
            return False
    if condition.asks_password and not asks_for_password(response.body):
        return False
    if condition.led_to and not (response.url.path == condition.led_to and is_web_page(response.body)):
        return False
    return not condition.only_error or is_only_an_error(response.body)


def _holds_json(condition: Expectation, answer: Answer, values: Mapping[str, Value]) -> bool:
    try:
        value = answer.json()
        return all(
            _is_one_of(values_at(value, pointer), filled_in(expected, values))
            for pointer, expected in condition.json.items()
        )
    except NotOfFormError:
        return False


def _is_one_of(found: Sequence[Value], expected: Value) -> bool:
    wanted = expected if isinstance(expected, list) else [expected]
    return any(_are_equal(value, one) for value in found for one in wanted)


def _are_equal(value: Value, wanted: Value) -> bool:
    # For Python 1 is True.
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)


def _holds_body(pattern: str, body: bytes) -> bool:
    expression = Expression(pattern)
    try:
        return any(expression.found_in(line) for line in lines_of_text(body[:_LARGEST_ERROR]))
    except ExpressionError:
        return False


def _is_found(pattern: str, line: str) -> bool:
    try:
        return Expression(pattern).found_in(line)
    except ExpressionError:
        return False


def _named(rule: ErrorRule, answer: Answer) -> DeviceError:
    text = rule.text or None
    match rule.means:
        case "auth":
            return AuthenticationError(text)
        case "auth_or_busy":
            either = _("Either the login is wrong, or too many sessions are open.")
            return AuthenticationError(joined((text, either), " ") if text else either, perhaps_busy=True)
        case "permission":
            return PermissionDeniedError(text)
        case "busy":
            return DeviceBusyError(text, retry_after=rule.retry_after or answer.response.retry_after)
        case "unsupported":
            return UnsupportedDeviceError(text)
    return UnexpectedResponseError(text or _described(answer))


def by_status(answer: Answer, scheme: str) -> DeviceError:
    """Return what the status of an answer means, where the recipe says nothing of it."""
    status = answer.response.status
    if status == _UNAUTHORIZED:
        return AuthenticationError()
    if status == _FORBIDDEN:
        return AuthenticationError() if scheme in _KEYS else PermissionDeniedError()
    if status in _BUSY:
        return DeviceBusyError(retry_after=answer.response.retry_after)
    return UnexpectedResponseError(_described(answer))


def _described(answer: Answer) -> Text:
    status, path = answer.response.status, shown_path(answer.response.url)
    if status == _NOT_FOUND:
        return _("HTTP 404: there is nothing at {path}. Check the address.", path=path)
    if status in _REDIRECTS:
        return _("It redirects to another address, which is not followed.")
    return _("HTTP {status} at {path}", status=status, path=path)


def challenges(answer: Answer) -> list[str]:
    """Return the kinds of login that the device asks for."""
    asked = answer.response.values("WWW-Authenticate")
    return [scheme.capitalize() for challenge in asked for scheme in _CHALLENGE.findall(challenge)]


def other_login(wanted: str) -> Text:
    """Say that one logs in there in another way."""
    return _("It asks for another kind of login: {wanted}.", wanted=wanted)
