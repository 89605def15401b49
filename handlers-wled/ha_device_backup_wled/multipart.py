"""The body of an upload, as the small parser on the controller wants it."""

import itertools
import re

from .json_files import encoded


def upload_body(target: str, content: bytes) -> tuple[bytes, str]:
    """Return the body and its content type; the name goes raw, because the device takes `%2F` for part of it."""
    boundary = _boundary(content)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="data"; filename="{target}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    body = encoded(head + kind) + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def can_be_uploaded(name: str) -> bool:
    """Return whether the device would understand a raw name: it knows no quoting."""
    return re.search(r'[";\\\x00-\x1f\x7f]', name) is None


def _boundary(content: bytes) -> str:
    boundaries = (f"device-backup-{number}" for number in itertools.count())
    return next(boundary for boundary in boundaries if boundary.encode() not in content)
