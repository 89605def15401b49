"""The body of an upload, as the small web server on the device reads it."""

import itertools


def upload_body(field: str, filename: str, content: bytes) -> tuple[bytes, str]:
    """Return the body and its content type; the name goes raw, because the device knows no quoting."""
    boundary = _boundary(content)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    body = (head + kind).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def form_body(fields: dict[str, str]) -> tuple[bytes, str]:
    """Return a form without a file, and its content type."""
    boundary = _boundary("".join(fields.values()).encode())
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), f"multipart/form-data; boundary={boundary}"


def _boundary(content: bytes) -> str:
    boundaries = (f"device-backup-{number}" for number in itertools.count())
    return next(boundary for boundary in boundaries if boundary.encode() not in content)
