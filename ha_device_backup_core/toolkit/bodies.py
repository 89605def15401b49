"""Bodies of requests as small devices read them; pure."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlencode

from .text_data import encoded

_MEANS_MORE = re.compile(r'[";\\\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent with a request: its length is always told, which small devices need."""

    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"

    @classmethod
    def json(cls, value: object) -> Self:
        """Return a value as JSON."""
        return cls(json.dumps(value).encode(), "application/json")

    @classmethod
    def form(cls, fields: Mapping[str, str]) -> Self:
        """Return the fields of a form as most are sent; bytes that are no UTF-8 stay what they are."""
        text = urlencode({encoded(name): encoded(value) for name, value in fields.items()}, quote_via=quote)
        return cls(text.encode(), "application/x-www-form-urlencoded")

    @classmethod
    def file(cls, filename: str, content: bytes, *, field: str = "data") -> Self:
        """Return a form with one file, whose name goes raw: small devices know no quoting. See `is_raw_name`."""
        head = (
            f'Content-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        return cls.of_parts([encoded(head) + content])

    @classmethod
    def multipart(cls, fields: Mapping[str, str]) -> Self:
        """Return the fields of a form as those with files are sent."""
        heads = ((f'Content-Disposition: form-data; name="{name}"\r\n\r\n', value) for name, value in fields.items())
        return cls.of_parts([encoded(head) + encoded(value) for head, value in heads])

    @classmethod
    def of_parts(cls, parts: Sequence[bytes]) -> Self:
        """Return a form of parts, each with its own headers."""
        boundaries = (f"device-backup-{number}" for number in itertools.count())
        boundary = next(name for name in boundaries if not any(name.encode() in part for part in parts))
        before = f"--{boundary}\r\n".encode()
        body = b"".join(before + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
        return cls(body, f"multipart/form-data; boundary={boundary}")


def is_raw_name(name: str) -> bool:
    """Return whether the name of a file can be sent raw: without what would end it."""
    return _MEANS_MORE.search(name) is None
