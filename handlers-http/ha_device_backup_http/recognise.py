"""What a file is, by what is in it; nothing that a device sends is trusted; pure."""

import io
import re
import zipfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from ha_device_backup_core import InvalidArtifactError, unpack
from ha_device_backup_core.toolkit import is_web_page

from .decoding import encoding_of
from .gzip_files import GZIP_START, is_gzip
from .json_files import is_json, read_json
from .tar_files import is_tar_start, read_tar
from .xml_files import is_xml

ZIP = "application/zip"
_ZIP_ENTRY = b"PK\x01\x02"
_MOST_ZIPPED = 10_000
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_SEARCHED = 1024 * 1024
"""Bytes of a page in which a place for a password is looked for, in its scripts, too: many write their login there."""
_LOOKED_AT = 4096
_BEFORE_PAGE = re.compile(rb"^(?:\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--.*?-->)+", re.DOTALL)
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_ELEMENT_OF_PAGES = re.compile(
    rb"</?(?:a|b|body|br|center|div|em|font|form|h[1-6]|hr|html|i|iframe|img|input|meta|noscript|ol|p|pre|script|span"
    rb"|strong|table|title|ul)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_PASSWORD_INPUT = re.compile(rb"<input\b[^<>]{0,2000}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)


class Form(StrEnum):
    """The form of a file."""

    JSON = "json"
    XML = "xml"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    TEXT = "text"
    PAGE = "page"
    UNKNOWN = "unknown"
    """Not recognised, and nobody said that anything will do."""
    OTHER = "other"
    """Whatever it is."""


def promised_form(*names: str) -> Form | None:
    """Return the form that the first name with a known ending promises."""
    return next((form for name in names if (form := _BY_SUFFIX.get(PurePosixPath(name).suffix.lower()))), None)


def is_named_as(form: Form, *names: str) -> bool:
    """Return whether the first name with an ending is that of a file of this form."""
    suffix = next((suffix for name in names if (suffix := PurePosixPath(name).suffix.lower())), "")
    return suffix in _TEXT_SUFFIXES if form is Form.TEXT else _BY_SUFFIX.get(suffix) is form


def form_of(content: bytes, media_type: str = "", *names: str) -> Form:
    """Return the form that this has to have: what a name or type promises binds, so that something else is found out.

    The names count in their order: what a person entered before what the device says.
    """
    if is_web_page(content):
        return Form.PAGE
    if (promised := promised_form(*names)) is not None:
        return promised
    declared, found = _BY_TYPE.get(media_type.lower()), found_form(content)
    if found is None or (declared in _PACKED and found not in _PACKED):
        return declared or (Form.TEXT if is_text(content) else Form.UNKNOWN)
    return found


def found_form(content: bytes) -> Form | None:
    """Return the form that shows in the content, None for text and what is not known."""
    if content.startswith(_ZIP_STARTS):
        return Form.ZIP
    if content.startswith(GZIP_START):
        return Form.GZIP
    if is_tar_start(content):
        return Form.TAR
    if is_json(content):
        return Form.JSON
    start = content[:_LOOKED_AT].lstrip(_BLANKS)
    if start.startswith(b"<?xml") or (start.startswith(b"<") and is_xml(content)):
        return Form.XML
    return None


def has_markup(content: bytes) -> bool:
    """Return whether there are elements of web pages at the root of XML, or anywhere in the beginning of a text."""
    start = content[:_LOOKED_AT].lstrip(_BLANKS)
    found = _ELEMENT_OF_PAGES.search(_BEFORE_PAGE.sub(b"", start, count=1))
    return found is not None and (found.start() == 0 or not start.startswith(b"<"))


def asks_for_password(content: bytes) -> bool:
    """Return whether this is a web page with a place for a password."""
    return is_web_page(content) and _PASSWORD_INPUT.search(content[:_SEARCHED]) is not None


def is_text(content: bytes) -> bool:
    """Return whether this is text."""
    return encoding_of(content) is not None


def is_zip(content: bytes) -> bool:
    """Return whether this is a zip file with its end; one that is encrypted counts."""
    if not content.startswith(_ZIP_STARTS):
        return False
    try:
        return zipfile.is_zipfile(io.BytesIO(content))
    except (OverflowError, ValueError, zipfile.BadZipFile):
        # Its end names a place that no file has.
        return False


def is_tar(content: bytes) -> bool:
    """Return whether this is a tar file whose members are whole."""
    return read_tar(content) is not None


def ends_by_itself(content: bytes) -> bool:
    """Return whether the content shows that nothing of its end is missing."""
    match found_form(content):
        case Form.ZIP:
            return is_zip(content)
        case Form.GZIP:
            return is_gzip(content)
        case Form.TAR:
            tar = read_tar(content)
            return tar is not None and tar.has_end
        case Form.XML:
            return is_xml(content)
        case Form.JSON:
            return True
    return is_web_page(content) and content[-_LOOKED_AT:].rstrip().lower().endswith((b"</html>", b"</body>"))


def holds_nothing(content: bytes) -> bool:
    """Return whether this is a JSON object without any value: some answer so where they have nothing to say.

    A list may be empty on the device itself.
    """
    value = read_json(content) if len(content) <= _LOOKED_AT else None
    return isinstance(value, dict) and _is_bare(value)


def _is_bare(value: object) -> bool:
    return value is None or (isinstance(value, dict) and all(map(_is_bare, value.values())))


def declared_size(content: bytes) -> int:
    """Return how many bytes a zip file says that it unpacks to, 0 where it does not, or has too many files."""
    if content.count(_ZIP_ENTRY) > _MOST_ZIPPED:
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, OverflowError, ValueError):
        return 0


def members_of(content: bytes, limit: int) -> Mapping[str, bytes] | None:
    """Return the files in a zip file, None where they cannot be read or are more than that."""
    if not is_zip(content):
        return None
    try:
        return unpack("", content, limit)
    except InvalidArtifactError:
        return None


_PACKED = frozenset({Form.ZIP, Form.GZIP, Form.TAR})
_BY_SUFFIX = {
    ".json": Form.JSON,
    ".xml": Form.XML,
    ".gz": Form.GZIP,
    ".tgz": Form.GZIP,
    ".tar": Form.TAR,
    ".zip": Form.ZIP,
}
_TEXT_SUFFIXES = frozenset(
    {
        *(".txt", ".text", ".log", ".csv", ".tsv", ".cfg", ".cnf", ".conf", ".config", ".ini", ".properties", ".env"),
        *(".toml", ".yaml", ".yml", ".rsc", ".set", ".sh", ".lua", ".py", ".js", ".css", ".nix", ".uci", ".sql"),
    }
)
_BY_TYPE = {
    "application/json": Form.JSON,
    "text/json": Form.JSON,
    "application/xml": Form.XML,
    "text/xml": Form.XML,
    "application/gzip": Form.GZIP,
    "application/x-gzip": Form.GZIP,
    "application/x-tar": Form.TAR,
    ZIP: Form.ZIP,
    "application/x-zip-compressed": Form.ZIP,
}
