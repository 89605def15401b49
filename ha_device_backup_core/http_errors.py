"""What aiohttp raises, as the errors of the contract: in words, and without addresses, which may hold a key."""

import contextlib
import re
from collections.abc import Iterator

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from .errors import CannotConnectError, CertificateNotTrustedError, UnexpectedResponseError
from .text import Text, _

NO_ANSWER: Text = _("It did not answer in time.")
REDIRECTED: Text = _("It redirects to another address, which is not followed.")
BROKE_OFF: Text = _("The answer ended too early.")
NOT_HTTP: Text = _("What it sent is no HTTP.")
NOT_UNDERSTOOD: Text = _("What it sent is garbled.")
CLOSED: Text = _("It closed the connection without an answer.")
_NAME_NOT_FOUND: Text = _("Its name is not known in the network. Try its IP address.")
_PORT_CLOSED: Text = _("The port may be wrong, too: nothing answers there.")
_NOBODY_THERE: Text = _("Nothing was found at this address.")
_NO_TLS: Text = _("No encrypted connection could be made. Does it speak TLS (https) at this port?")
_NOT_VERIFIED: Text = _("Its certificate cannot be verified.")

_STATUS_LINE = "Bad status line"
"""As aiohttp says it."""
_RULE = re.compile(
    r"(?:Chunk|Content-Length|Duplicate|Empty|Got more|Invalid|Missing|Response|Transfer-Encoding|Unexpected)\b.{0,100}"
)
"""What is no rule, as aiohttp and what parses for it begin them, is what was sent: some give that alone."""


@contextlib.contextmanager
def client_errors() -> Iterator[None]:
    """Turn what aiohttp raises while a device is asked into the errors of the contract, with a detail in words.

    For websockets too, whose messages `receive_text` reads.

    CannotConnectError where nobody is there, where it did not answer in time or closed the connection without an
    answer; UnexpectedResponseError for a status that is an error, half a body, another redirect, no HTTP, a digest
    login that is not understood, or signs that cannot go into the next request; CertificateNotTrustedError where the
    certificate is not the pinned one. Others pass.
    """
    try:
        yield
    except aiohttp.RedirectClientError:
        raise UnexpectedResponseError(REDIRECTED) from None
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise
    except aiohttp.ServerFingerprintMismatch as error:
        raise untrusted(error.got.hex()) from None
    except aiohttp.ClientConnectorError as error:
        raise CannotConnectError(_no_connection(error)) from error
    except (aiohttp.ClientConnectionError, TimeoutError) as error:
        raise CannotConnectError(_no_answer(error)) from None
    except ConnectionResetError:
        raise CannotConnectError(CLOSED) from None
    except UnicodeError:
        raise UnexpectedResponseError(NOT_UNDERSTOOD) from None
    except (aiohttp.ClientError, aiohttp.WebSocketError, aiohttp.WSMessageTypeError) as error:
        raise UnexpectedResponseError(_no_sense(error)) from None


def untrusted(sha256: str) -> CertificateNotTrustedError:
    """Return the error that shows a person the fingerprint to compare."""
    return CertificateNotTrustedError(
        sha256,
        _("Its SHA-256 fingerprint is {sha256}.", sha256=sha256),
    )


def broken_rule(error: BaseException) -> Text | None:
    """Return which rule of HTTP the head of an answer breaks, None where it is no HTTP at all."""
    while error.__cause__ is not None:
        error = error.__cause__
    # What follows a colon is what was sent, which may hold a secret.
    rule, _colon, rest = str(getattr(error, "message", "")).partition(":")
    if rule == _STATUS_LINE:
        rule = rest.strip().partition(":")[0]
    if _RULE.fullmatch(rule) is None:
        return None
    return _("Its answer breaks the rules of HTTP, and is not read therefore: {rule}.", rule=rule)


def _no_connection(error: aiohttp.ClientConnectorError) -> Text:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _NOT_VERIFIED
        case aiohttp.ClientSSLError():
            return _NO_TLS
        case aiohttp.ClientConnectorDNSError():
            return _NAME_NOT_FOUND
    return _PORT_CLOSED if isinstance(error.os_error, ConnectionRefusedError) else _NOBODY_THERE


def _no_answer(error: Exception) -> Text:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return _NOBODY_THERE
    return NO_ANSWER if isinstance(error, TimeoutError) else CLOSED


def _no_sense(error: Exception) -> Text:
    match error:
        case aiohttp.ClientResponseError(__cause__=HttpProcessingError()):
            return broken_rule(error) or NOT_HTTP
        case aiohttp.ClientResponseError():
            return f"HTTP {error.status}"
        case aiohttp.ClientPayloadError():
            return BROKE_OFF
    return NOT_UNDERSTOOD
