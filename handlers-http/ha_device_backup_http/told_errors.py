"""Answers that only tell of an error, though their status says that all is well; pure."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from .decoding import text_of
from .json_files import read_json
from .xml_files import is_xml

_LARGEST = 64 * 1024
"""Bytes of an answer that tells of an error; stack traces are the long ones."""
_ERRORS = frozenset(
    {
        *("error", "errors", "err", "errno", "errorcode", "errcode", "errormessage", "errmsg", "errortext", "errorid"),
        *("errordescription", "errorinfo", "exception", "fault", "faultcode", "faultstring", "fehler", "failure"),
    }
)
_MESSAGES = frozenset(
    {
        *("message", "messages", "msg", "detail", "details", "reason", "statustext", "statusstring", "statusmessage"),
        *("meldung", "substatuscode"),
    }
)
_NO = frozenset({"false", "0", "no"})
_SUCCESSES = frozenset({"success", "successful", "ok", "valid", "authenticated", "authorized", "loggedin"})
_STATES = frozenset({"status", "state", "result", "rc", "outcome", "statuscode", "httpcode", "httpstatus", "code"})
_BAD_STATES = re.compile(
    r"(?:err(?:or)?|fail(?:ed|ure)?|denied|unauthori[sz]ed|forbidden|invalid|expired|busy|timeout|nok|fehler|[45]\d\d|-\d+)",
    re.IGNORECASE,
)
_ENVELOPE = frozenset(
    {
        *("jsonrpc", "id", "version", "timestamp", "time", "date", "path", "url", "uri", "instance", "method", "type"),
        *("title", "description", "name", "hint", "info", "data", "meta", "payload", "response", "result", "results"),
        *("requestid", "requesturl", "traceid", "transactionid", "took", "stack", "trace", "context", "help", "link"),
        *(
            "severity",
            "category",
            "envelope",
            "header",
            "body",
            "status",
            "root",
            "responsestatus",
            "answer",
            "session",
        ),
        *(
            "sid",
            "csrf",
            "token",
            "validity",
            "totp",
            "retryafter",
            "schemalocation",
            "encodingstyle",
            "faultactor",
            "file",
            "filename",
            "fname",
        ),
    }
)
_PAYLOAD = frozenset({"data", "payload", "result", "results", "response", "body", "session"})
_ERROR_WORDS = re.compile(
    r"\b(?:err|errors?|exceptions?|fail(?:ed|ure)?|denied|refused|forbidden|unauthori[sz]ed|expired|invalid|busy|timeout"
    r"|timed out|try again|too many|not (?:allowed|authori[sz]ed|found|logged in|permitted|available|supported)"
    r"|cannot|could not|unable to|starting up|fehler|verweigert|abgelaufen|ungültig"
    r"|nicht (?:erlaubt|gefunden|angemeldet|verfügbar))\b",
    re.IGNORECASE,
)
_WORDS_OF_A_LOGIN = re.compile(
    r"\b(?:log ?in|sign in|session|token|permission|password|wrong|anmeld\w*|passwort)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_][^\W_]*[.,:;!?…]*")


def tells_only_of_an_error(content: bytes) -> bool:
    """Return whether JSON, XML or a line of text says that something went wrong, and nothing else."""
    if len(content) > _LARGEST:
        return False
    value = read_json(content)
    if isinstance(value, dict | list):
        return _Judgement().is_error(value)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and is_xml(content):
        return _Judgement().is_error(_as_value(content))
    line = single_line(content)
    if line is None:
        return False
    return bool(_ERROR_WORDS.search(line) or (is_sentence(line) and _WORDS_OF_A_LOGIN.search(line)))


def single_line(content: bytes) -> str | None:
    """Return the only line of a text, None for what is none or has more of them."""
    if len(content) > _LARGEST:
        return None
    text = text_of(content)
    lines = [] if text is None else text.strip().splitlines()
    return lines[0] if len(lines) == 1 else None


def is_sentence(line: str) -> bool:
    """Return whether a line is made of words, as what is meant for people is."""
    words = line.split()
    return "=" not in line and 2 * sum(_WORD.fullmatch(word) is not None for word in words) > len(words)


class _Judgement:
    """Looks whether all there is belongs to the telling of an error."""

    def __init__(self) -> None:
        self._signs = 0

    def is_error(self, value: object) -> bool:
        """Return whether there is a sign of an error, and nothing but what goes with one."""
        return self._belongs("", value) and self._signs > 0

    def _belongs(self, key: str, value: object) -> bool:
        if key in _ERRORS:
            self._signs += _says_something(value)
            return True
        match value:
            case dict():
                return all(self._belongs(_plain(inner), found) for inner, found in value.items())
            case list():
                return all(self._belongs(key, inner) for inner in value if key or isinstance(inner, dict)) and (
                    bool(key) or all(isinstance(inner, dict) for inner in value)
                )
        return self._goes_along(key, value)

    def _goes_along(self, key: str, value: object) -> bool:
        """Return whether a plain value may come along with an error; what could be a configuration may not."""
        is_sign = (
            (key in _MESSAGES and _says_something(value))
            or (key in _SUCCESSES and str(value).lower() in _NO)
            or (key in _STATES and _BAD_STATES.fullmatch(str(value)) is not None)
        )
        self._signs += is_sign
        is_known = key in _MESSAGES | _SUCCESSES | _STATES | _ENVELOPE
        return is_sign or (is_known and not (key in _PAYLOAD and _says_something(value)))


def _says_something(value: object) -> bool:
    return value not in (None, 0, "", "0", "0.0", "none", "null", [], {})


def _plain(key: object) -> str:
    return re.sub(r"[^a-z]", "", str(key).lower())


def _as_value(content: bytes) -> object:
    """Return the elements and attributes of well-formed XML as JSON has them."""
    try:
        root = ET.fromstring(content)  # noqa: S314 - is_xml refused what declares entities
    except (ET.ParseError, LookupError, ValueError):
        return None
    return {_local(root.tag): _inside(root, 0)}


def _inside(element: ET.Element, depth: int) -> object:
    parts = list(_parts(element, depth)) if depth < 20 else [("unknown", "deep")]
    text = (element.text or "").strip()
    if not parts:
        return text
    found: dict[str, object] = {}
    for number, (key, value) in enumerate([*parts, *([("message", text)] if text else [])]):
        found[key if key not in found else f"{key}{number}"] = value
    return found


def _parts(element: ET.Element, depth: int) -> Iterator[tuple[str, object]]:
    yield from ((_local(name), value) for name, value in element.attrib.items())
    yield from ((_local(child.tag), _inside(child, depth + 1)) for child in element)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
