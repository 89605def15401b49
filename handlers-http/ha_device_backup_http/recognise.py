"""What a file is, by what is in it; nothing that a device sends is trusted; pure."""

import io
import json
import re
import xml.parsers.expat
import zipfile
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Never

from ha_device_backup_core import Artifact, InvalidArtifactError

from .gzip_files import GZIP_START

ZIP = "application/zip"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a]")
LONGEST_PAGE = 1024 * 1024
"""Bytes of a page in which forms are looked for."""
_LOOKED_AT = 4096
_DEEPEST = 100
"""Levels of JSON."""
_BEFORE_PAGE = re.compile(rb"^(?:\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--.*?-->)+", re.DOTALL)
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_XHTML_STARTS = (b"<!doctype html", b"<html")
_PAGE_STARTS = (*_XHTML_STARTS, b"<head", b"<body", b"<title", b"<meta", b"<script", b"<form", b"<div")
_PASSWORD_INPUT = re.compile(rb"<input\b[^<>]{0,2000}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)


class Form(StrEnum):
    """The form of a file."""

    JSON = "json"
    XML = "xml"
    ZIP = "zip"
    GZIP = "gzip"
    TEXT = "text"
    PAGE = "page"
    UNKNOWN = "unknown"
    """Not recognised, and nobody said that anything will do."""
    OTHER = "other"
    """Whatever it is."""


def form_of(content: bytes, name: str = "", media_type: str = "") -> Form:
    """Return the form; a name or type that promises one is believed, so that a damaged file is found out."""
    if is_page(content):
        return Form.PAGE
    if content.startswith(_ZIP_STARTS):
        return Form.ZIP
    if content.startswith(GZIP_START):
        return Form.GZIP
    if is_json(content):
        return Form.JSON
    if content.lstrip(_BLANKS).startswith(b"<?xml") or is_xml(content):
        return Form.XML
    promised = _PROMISED.get(PurePosixPath(name).suffix.lower(), _PROMISED.get(media_type.lower()))
    return promised or (Form.TEXT if is_text(content) else Form.UNKNOWN)


def is_page(content: bytes) -> bool:
    """Return whether this begins as a web page does."""
    start = content[:_LOOKED_AT].lstrip(_BLANKS)
    shown = _BEFORE_PAGE.sub(b"", start, count=1).lower()
    return shown.startswith(_XHTML_STARTS if start.startswith(b"<?xml") else _PAGE_STARTS)


def asks_for_password(content: bytes) -> bool:
    """Return whether this is a web page with a place for a password."""
    return is_page(content) and _PASSWORD_INPUT.search(content[:LONGEST_PAGE]) is not None


def is_json(content: bytes) -> bool:
    """Return whether this is a JSON object or list."""
    return isinstance(read_json(content), dict | list)


def is_text(content: bytes) -> bool:
    """Return whether this is text."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return _NO_TEXT.search(content) is None


def read_json(content: bytes) -> object:
    """Return the value, None for what is no JSON, or too deep for any device to mean it."""
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return value
    return None


def is_xml(content: bytes) -> bool:
    """Return whether this is well-formed XML; one that declares entities, which can grow without end, is not."""
    parser = xml.parsers.expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(content, True)  # noqa: FBT003 - it has no name
    except (xml.parsers.expat.ExpatError, LookupError, ValueError):
        return False
    return True


def is_zip(content: bytes) -> bool:
    """Return whether this is a zip file with its end; one that is encrypted counts."""
    return content.startswith(_ZIP_STARTS) and zipfile.is_zipfile(io.BytesIO(content))


def members_of(name: str, content: bytes) -> Mapping[str, bytes] | None:
    """Return the files in a zip file, None where they cannot be read."""
    if not is_zip(content):
        return None
    try:
        return Artifact(filename=name, content=content, media_type=ZIP).files()
    except InvalidArtifactError:
        return None


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_entity(*_declaration: object) -> Never:
    raise ValueError


_PROMISED = {
    ".json": Form.JSON,
    "application/json": Form.JSON,
    "text/json": Form.JSON,
    ".xml": Form.XML,
    "application/xml": Form.XML,
    "text/xml": Form.XML,
    ".gz": Form.GZIP,
    ".tgz": Form.GZIP,
    ".zip": Form.ZIP,
    ZIP: Form.ZIP,
}
