"""What a device answered, whatever its status."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from yarl import URL

from ..errors import AuthenticationError, DeviceError, PermissionDeniedError, UnexpectedResponseError
from ..http_errors import REDIRECTED
from ..text import _
from .json_data import JsonError, JsonObject, json_object, read_json
from .text_data import decoded

_OK = 200
_SUCCESSES = range(200, 300)
_REDIRECTS = range(300, 400)
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_LONGEST_WAIT = 24 * 3600
_NO_JSON = _("Its answer is no JSON.")
_NO_URL = URL()


@dataclass(frozen=True, slots=True)
class Response:
    """What a device answered, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """However their names are written."""
    body: bytes = field(repr=False)
    url: URL = field(default=_NO_URL, repr=False)
    """Where it came from in the end."""
    media_type: str = ""
    charset: str = ""

    @property
    def is_file(self) -> bool:
        """Whether this is a file, as it is: pages of a device have no disposition."""
        return self.status == _OK and "Content-Disposition" in self.headers and not self.is_encoded

    @property
    def filename(self) -> str:
        """The name of the file, as the device suggests it; empty where it does not."""
        with warnings.catch_warnings(action="ignore"):
            _kind, said = aiohttp.parse_content_disposition(self.headers.get("Content-Disposition"))
            return aiohttp.content_disposition_filename(said) or ""

    @property
    def is_encoded(self) -> bool:
        """Whether a compressed form was sent."""
        return "Content-Encoding" in self.headers

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 stay, see `decoded`."""
        return decoded(self.body)

    @property
    def retry_after(self) -> float | None:
        """The seconds that it asks to be left alone, a day at most; None for a date, and where it does not say."""
        return asked_to_wait(self.headers)

    def checked(self) -> Self:
        """Return it if it is a success.

        Raises AuthenticationError for 401, PermissionDeniedError for 403, UnexpectedResponseError for all others.
        """
        if self.status not in _SUCCESSES:
            raise error_of_status(self.status)
        return self

    def json(self) -> Any:  # noqa: ANN401 - whatever the device says
        """Return the JSON in it, read as leniently as devices write it; raises UnexpectedResponseError."""
        try:
            return read_json(self.body)
        except JsonError as error:
            raise UnexpectedResponseError(_NO_JSON) from error

    def json_object(self) -> JsonObject:
        """Return the JSON object in it; raises UnexpectedResponseError for anything else."""
        try:
            return json_object(self.body)
        except JsonError as error:
            raise UnexpectedResponseError(_NO_JSON) from error

    def values(self, header: str) -> list[str]:
        """Return each value of a header that may come more than once."""
        return [value for name, value in self.headers.items() if name.lower() == header.lower()]


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that these headers ask to be left alone."""
    said = headers.get("Retry-After", "")
    is_number = said.isascii() and said.isdecimal() and len(said) <= len(str(_LONGEST_WAIT))
    return min(float(said), _LONGEST_WAIT) if is_number else None


def error_of_status(status: int) -> DeviceError:
    """Return what a status other than success means."""
    if status == _UNAUTHORIZED:
        return AuthenticationError()
    if status == _FORBIDDEN:
        return PermissionDeniedError()
    return UnexpectedResponseError(REDIRECTED if status in _REDIRECTS else f"HTTP {status}")
