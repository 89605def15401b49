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
CLOSED: Text = {
    "en": "It closed the connection without an answer.",
    "de": "Es hat die Verbindung ohne Antwort geschlossen.",
}
_NAME_NOT_FOUND: Text = {
    "en": "Its name is not known in the network. Try its IP address.",
    "de": "Sein Name ist im Netz nicht bekannt. Versuche es mit der IP-Adresse.",
}
_PORT_CLOSED: Text = {
    "en": "No connection could be made: nothing listens at this port.",
    "de": "Es kam keine Verbindung zustande: Auf diesem Port hört nichts zu.",
}
_NOBODY_THERE: Text = {
    "en": "No connection could be made: nothing was found at this address.",
    "de": "Es kam keine Verbindung zustande: Unter dieser Adresse war nichts zu finden.",
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

    CannotConnectError where nobody is there, where it did not answer in time or closed the connection without an
    answer; UnexpectedResponseError for a status that is an error, half a body, another redirect, or no HTTP;
    CertificateNotTrustedError where the certificate is not the pinned one. Other errors pass.
    """
    try:
        yield
    except aiohttp.ServerFingerprintMismatch as error:
        raise untrusted(error.got.hex()) from None
    except aiohttp.ClientResponseError as error:
        is_http = not isinstance(error.__cause__, HttpProcessingError)
        raise UnexpectedResponseError(f"HTTP {error.status}" if is_http else NOT_HTTP) from None
    except aiohttp.RedirectClientError:
        raise UnexpectedResponseError(REDIRECTED) from None
    except aiohttp.ClientPayloadError:
        raise UnexpectedResponseError(BROKE_OFF) from None
    except aiohttp.ClientConnectorError as error:
        raise CannotConnectError(_no_connection(error)) from error
    except aiohttp.ConnectionTimeoutError:
        raise CannotConnectError(_NOBODY_THERE) from None
    except TimeoutError:
        raise CannotConnectError(NO_ANSWER) from None
    except aiohttp.ClientConnectionError:
        raise CannotConnectError(CLOSED) from None


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
