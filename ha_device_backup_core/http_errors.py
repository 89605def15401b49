"""What aiohttp raises, as the errors of the contract: in words, and without addresses, which may hold a key."""

import contextlib
from collections.abc import Iterator

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from .errors import CannotConnectError, CertificateNotTrustedError, UnexpectedResponseError
from .text import Text

NO_ANSWER: Text = {"en": "It did not answer in time.", "de": "Es hat nicht rechtzeitig geantwortet."}
REDIRECTED: Text = {
    "en": "It redirects to another address, which is not followed.",
    "de": "Es leitet auf eine andere Adresse um; der wird nicht gefolgt.",
}
BROKE_OFF: Text = {"en": "The answer ended too early.", "de": "Die Antwort brach zu früh ab."}
NOT_HTTP: Text = {"en": "What it sent is no HTTP.", "de": "Was es gesendet hat, ist kein HTTP."}
NOT_UNDERSTOOD: Text = {"en": "What it sent is garbled.", "de": "Was es gesendet hat, ist verstümmelt."}
CLOSED: Text = {
    "en": "It closed the connection without an answer.",
    "de": "Es hat die Verbindung ohne Antwort geschlossen.",
}
_NAME_NOT_FOUND: Text = {
    "en": "Its name is not known in the network. Try its IP address.",
    "de": "Sein Name ist im Netz nicht bekannt. Versuche es mit der IP-Adresse.",
}
_PORT_CLOSED: Text = {
    "en": "Nothing listens at this port.",
    "de": "Auf diesem Port hört nichts zu.",
}
_NOBODY_THERE: Text = {
    "en": "Nothing was found at this address.",
    "de": "Unter dieser Adresse war nichts zu finden.",
}
_NO_TLS: Text = {
    "en": "No encrypted connection could be made. Does it speak TLS (https) at this port?",
    "de": "Es kam keine verschlüsselte Verbindung zustande. Spricht es auf diesem Port TLS (https)?",
}
_NOT_VERIFIED: Text = {
    "en": "Its certificate cannot be verified.",
    "de": "Sein Zertifikat lässt sich nicht prüfen.",
}


@contextlib.contextmanager
def client_errors() -> Iterator[None]:
    """Turn what aiohttp raises while a device is asked into the errors of the contract, with a detail in words.

    For websockets too, whose messages `receive_text` reads.

    CannotConnectError where nobody is there, where it did not answer in time or closed the connection without an
    answer; UnexpectedResponseError for a status that is an error, half a body, another redirect, no HTTP, or a digest
    login that is not understood; CertificateNotTrustedError where the certificate is not the pinned one. Others pass.
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
    except (aiohttp.ClientError, aiohttp.WebSocketError, aiohttp.WSMessageTypeError) as error:
        raise UnexpectedResponseError(_no_sense(error)) from None


def untrusted(sha256: str) -> CertificateNotTrustedError:
    """Return the error that shows a person the fingerprint to compare."""
    return CertificateNotTrustedError(
        sha256,
        {
            "en": f"Its SHA-256 fingerprint is {sha256}.",
            "de": f"Sein SHA-256-Fingerabdruck ist {sha256}.",
        },
    )


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
            return NOT_HTTP
        case aiohttp.ClientResponseError():
            return f"HTTP {error.status}"
        case aiohttp.ClientPayloadError():
            return BROKE_OFF
    return NOT_UNDERSTOOD
