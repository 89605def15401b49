"""Errors of a job, as documents of the protocol and back: only those that a handler may end with; pure."""

from collections.abc import Iterator

from ..errors import (
    AgentError,
    ArtifactError,
    AuthenticationError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceError,
    ForeignFileError,
    HandlerCrashedError,
    KeyPairOfferedError,
    RestoreError,
)
from ..text import Text, _
from .fields import Fields, ProtocolError, document_of
from .records import SHA256, WireDocument

NOT_KEPT: Text = _("The agent could not keep the backup on its way. Is its disk full?")
_LONGEST_PAUSE = 24 * 3600.0
_LONGEST_KEY = 20_000


def _below(root: type[DeviceBackupError]) -> Iterator[type[DeviceBackupError]]:
    if issubclass(root, AgentError):
        return
    yield root
    for child in root.__subclasses__():
        if child.__module__ == root.__module__:
            yield from _below(child)


_PLAIN = {error.code: error for root in (ArtifactError, RestoreError) for error in _below(root)}
_OF_DEVICE = {error.code: error for error in _below(DeviceError) if issubclass(error, DeviceError)}


def failure_document(error: DeviceBackupError) -> WireDocument:
    """Return an error of a job for the other side."""
    document: WireDocument = {
        "code": error.code,
        "detail": None if error.detail is None else document_of(error.detail),
        **error.values,
    }
    if isinstance(error, KeyPairOfferedError):
        document |= {"private": error.private, "public": error.public}
    if isinstance(error, DeviceError):
        document["retry_after"] = error.retry_after
    if isinstance(error, AuthenticationError):
        document["perhaps_busy"] = error.perhaps_busy
    if isinstance(error, ForeignFileError):
        document["owner"] = error.owner
    return document


def failure_from(fields: Fields) -> DeviceBackupError:
    """Return the error of a document; raises ProtocolError for one that no job ends with."""
    code = fields.word("code")
    detail = fields.text("detail") if fields.has("detail") else None
    if code == ConfigError.code:
        return ConfigError(fields.word("field"), detail)
    if code == KeyPairOfferedError.code:
        private, public = (fields.word(key, longest=_LONGEST_KEY) for key in ("private", "public"))
        return KeyPairOfferedError(fields.word("field"), detail, private=private, public=public)
    if code == HandlerCrashedError.code:
        return HandlerCrashedError(fields.word("distribution"), fields.word("version"), detail)
    if code in _OF_DEVICE:
        return _device_error(code, detail, fields)
    if code not in _PLAIN:
        raise ProtocolError(f"{fields.where}.code is that of no error of a job")
    if code == ForeignFileError.code:
        return ForeignFileError(detail, owner=fields.optional_word("owner"))
    return _PLAIN[code](detail)


def _device_error(code: str, detail: Text | None, fields: Fields) -> DeviceError:
    retry_after = fields.number("retry_after", 0, _LONGEST_PAUSE) if fields.has("retry_after") else None
    error = _OF_DEVICE[code]
    if issubclass(error, CertificateNotTrustedError):
        return error(fields.word("sha256", SHA256), detail)
    if code == AuthenticationError.code:
        perhaps_busy = fields.boolean("perhaps_busy", default=False)
        return AuthenticationError(detail, retry_after=retry_after, perhaps_busy=perhaps_busy)
    return error(detail, retry_after=retry_after)
