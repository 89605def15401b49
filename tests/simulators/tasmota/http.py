"""HTTP as the small web server on a device speaks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; pages are sent piece by piece, without a length."""

    status: int = 200
    content_type: str = "text/plain"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False

    def head(self) -> bytes:
        """Return the status line and the headers."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "Transfer-Encoding: chunked" if self.chunked else f"Content-Length: {len(self.body)}",
            "Connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")

    def payload(self) -> bytes:
        """Return the body as it goes over the wire."""
        if not self.chunked:
            return self.body
        return b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.body), self.body) if self.body else b"0\r\n\r\n"


def attachment(name: str, content: bytes) -> Response:
    """Return a file."""
    return Response(200, "application/octet-stream", content, {"Content-Disposition": f"attachment; filename={name}"})
