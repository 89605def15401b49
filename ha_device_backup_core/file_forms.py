"""Which form a file has, as far as a look at its beginning and end shows; pure."""

import re
from enum import StrEnum

_LOOKED_AT = 4096
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_TAR_MAGIC_AT = slice(257, 262)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BEFORE_PAGE = re.compile(rb"(?:\s++|<!--(?:[^-]|-(?!->))*+-->)*+")
_DECLARATION = re.compile(rb"<\?xml[^>]*+>")
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|form|div|br|center|h[1-4]|font|style|link\s+rel)\b",
    re.IGNORECASE,
)
_XHTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ELEMENT = re.compile(rb"<[?!A-Za-z]")
_JSON_START = re.compile(rb'(?:\{\s*+["}]|\[\s*+(?:[\[{"\]\d-]|true|false|null))')
_JSON_END = (b"}", b"]")


class FileForm(StrEnum):
    """The form of a file; each keeps its own for years, whatever is changed on its device."""

    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    JSON = "json"
    XML = "xml"
    PAGE = "page"
    TEXT = "text"
    BINARY = "binary"
    EMPTY = "empty"


def form_of(content: bytes) -> FileForm:
    """Return the form of a file; what it costs does not depend on the size."""
    start = content[:_LOOKED_AT]
    for sign, form in ((b"PK\x03\x04", FileForm.ZIP), (b"PK\x05\x06", FileForm.ZIP), (b"\x1f\x8b", FileForm.GZIP)):
        if start.startswith(sign):
            return form
    if start[_TAR_MAGIC_AT] == b"ustar":
        return FileForm.TAR
    return FileForm.BINARY if _is_binary(start) else _form_of_text(start.lstrip(_BLANKS), content[-_LOOKED_AT:])


def is_web_page(content: bytes) -> bool:
    """Return whether this begins as a web page does: a login page in the place of a file is no backup."""
    start = content[:_LOOKED_AT].lstrip(_BLANKS)
    declared = _DECLARATION.match(start)
    begin = _BEFORE_PAGE.match(start, declared.end() if declared else 0)
    return (_XHTML if declared else _PAGE).match(start, begin.end() if begin else 0) is not None


def _is_binary(start: bytes) -> bool:
    return not start.startswith(_UTF_16) and _NO_TEXT.search(start.rstrip(b"\0")) is not None


def _form_of_text(start: bytes, end: bytes) -> FileForm:
    if not start:
        return FileForm.EMPTY
    if is_web_page(start):
        return FileForm.PAGE
    if _ELEMENT.match(start):
        return FileForm.XML
    is_json = _JSON_START.match(start) and end.rstrip(_BLANKS + b"\0").endswith(_JSON_END)
    return FileForm.JSON if is_json else FileForm.TEXT
