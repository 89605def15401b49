"""Multipart uploads, parsed as strictly as the web server library of the firmware does."""

from dataclasses import dataclass

from ha_device_backup_core.testing import SimulatedRequest

from .http import NoAnswerError


@dataclass(frozen=True, slots=True)
class Part:
    """One part; the file name is taken raw."""

    name: str
    filename: str | None
    content: bytes
    has_type: bool

    @property
    def is_file(self) -> bool:
        """A part with a file name or a type is a file."""
        return self.filename is not None or self.has_type


def parse(request: SimulatedRequest) -> list[Part]:
    """Return the parts; raise NoAnswerError for what the library does not understand."""
    if not request.content_type.startswith("multipart/"):
        raise NoAnswerError
    delimiter = b"--" + request.content_type.partition("=")[2].encode()
    if not request.body.startswith(delimiter + b"\r\n"):
        raise NoAnswerError
    sections = request.body.removeprefix(delimiter).split(b"\r\n" + delimiter)
    if not sections[-1].startswith(b"--"):
        raise NoAnswerError
    return [_part(section) for section in sections[:-1]]


def _part(section: bytes) -> Part:
    head, separator, content = section.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise NoAnswerError
    name, filename, has_type = "", None, False
    for line in head.decode("utf-8", "surrogateescape").split("\r\n"):
        if line.lower().startswith("content-type"):
            has_type = True
        elif line.lower().startswith("content-disposition"):
            values = _disposition(line)
            name, filename = values.get("name", ""), values.get("filename")
    return Part(name, filename, content, has_type)


def _disposition(line: str) -> dict[str, str]:
    """Split at every semicolon, one within a name included; take quotes for granted; decode nothing."""
    values = {}
    for item in line.partition(";")[2].split(";"):
        key, _, value = item.strip().partition("=")
        values[key] = value[1:-1]
    return values
