"""Whether a file is what the recipe says that it has to be; never judged by what came; pure."""

import io
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from ha_device_backup_core import InvalidArtifactError, Message, Text
from ha_device_backup_core.toolkit import Response, is_web_page

from ..decoding import encoding_of
from ..error_answers import is_only_a_status, is_only_an_error, single_line
from ..error_lines import is_sentence
from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..gzip_files import Budget, TooMuchError, gunzip, is_gzip
from ..json_files import is_cheap, is_json, read_json
from ..pointers import parse_pointer
from ..recognise import Form, form_of, found_form, has_markup, is_named_as, is_tar, is_text, is_zip
from ..safe_names import safe_name
from ..translation import _
from ..xml_files import is_xml
from .members import files_within, members_in
from .sources import NotOfFormError, Source, values_at
from .steps import SavedFile
from .xml_places import XmlPlace, is_named, parse_place, parse_xml, texts_at

_LARGEST_TAR = 64 * 1024 * 1024
_PAGES = (".html", ".htm", ".xhtml", ".shtml")
_SQLITE_START = b"SQLite format 3\0"
_LARGEST_PAGE = 64 * 1024
"""Bytes, which two cannot say: a 1 stands for them."""
_WRITTEN_AHEAD = 18
"""Where the header says how changes are written."""
_STEPS_OF_SQLITE = 100_000
_PIECE = 64 * 1024
_MOST_OF_ERRORS = 1024 * 1024
"""Bytes in an archive; one with more of them holds more than an error."""
_MAY_BE_ONE_SENTENCE = frozenset({"json", "xml", "text", "any", "auto"})
_MAY_BE_BLANK = frozenset({"text", "any", "auto", "page"})
_TYPES_OF_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PACKED_TAR = (".tar.gz", ".tgz", ".taz")
_ARCHIVES = frozenset({"zip", "gzip", "tgz", "tar"})
_MARKS_OF_ORDER = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FORMS: Mapping[str, Message] = {
    "json": _("valid JSON"),
    "xml": _("well-formed XML"),
    "zip": _("a whole zip file"),
    "gzip": _("a whole gzip file"),
    "tgz": _("a whole packed tar file"),
    "tar": _("a whole tar file"),
    "sqlite": _("a whole SQLite database"),
    "text": _("text"),
    "page": _("a web page"),
}


class RefusedFileError(InvalidArtifactError):
    """A file that is no backup, and in a word why: whoever asked for it may know what to do."""

    def __init__(self, reason: str, detail: Text) -> None:
        """Take the word and the sentence."""
        super().__init__(detail)
        self.reason = reason


def check_file(name: str, content: bytes, file: SavedFile, response: Response | None = None) -> str:
    """Return the form that a file has to have; raise InvalidArtifactError, naming file and reason, for what is wrong.

    With `auto` that form is what its name promises, else what the device says of it, else what it is.
    """
    is_blank = not content.strip() or content in _MARKS_OF_ORDER
    if file.is_one_of_many and is_blank and not file.at_least and (not content or file.form in _MAY_BE_BLANK):
        return file.form
    if is_blank:
        raise InvalidArtifactError(_("{name} is empty.", name=name))
    may_be_page = file.form == "page" or (file.form != "auto" and name.lower().endswith(_PAGES))
    if is_web_page(content) and not may_be_page:
        raise RefusedFileError("page", _("{name} is a web page, not the configuration.", name=name))
    form = _form_found(name, content, response) if file.form == "auto" else file.form
    if file.form in _MAY_BE_ONE_SENTENCE and not file.is_one_of_many:
        _check_that_it_tells_more(name, content, file)
    if form in _CHECKS and not _CHECKS[form](content):
        raise RefusedFileError(
            "form", _("{name} is not {what}: it is cut off, damaged or something else.", name=name, what=_FORMS[form])
        )
    if form in _ARCHIVES and not file.is_one_of_many:
        _check_inside(name, content)
    _check_size(name, len(content), file)
    _check_places(name, content, file)
    _check_members(name, content, file)
    for expression in file.contains:
        if not _is_found(expression, content):
            raise InvalidArtifactError(_("“{pattern}” is found in no line of {name}.", pattern=expression, name=name))
    if _is_only_a_line(content, form, file):
        raise RefusedFileError("line", _("{name} is one line of text, as errors are.", name=name))
    return form


def _form_found(name: str, content: bytes, response: Response | None) -> str:
    """Return the form that a file has to have of which nobody said it; what is sent as a page mostly is one."""
    media_type = response.media_type if response else ""
    names = (name, safe_name(response.filename), response.url.name) if response else (PurePosixPath(name).name,)
    form = form_of(content, media_type, *names)
    if form is Form.UNKNOWN:
        raise RefusedFileError("unknown", _("{name} is neither JSON nor XML, a zip or gzip file or text.", name=name))
    is_file = form not in {Form.TEXT, Form.XML} or (is_named_as(form, *names) and not has_markup(content))
    if media_type in _TYPES_OF_PAGES and not is_file:
        raise RefusedFileError("page", _("{name} is a web page, not the configuration.", name=name))
    is_packed_tar = form is Form.GZIP and any(known.lower().endswith(_PACKED_TAR) for known in names)
    return "tgz" if is_packed_tar else form.value


def _check_that_it_tells_more(name: str, content: bytes, file: SavedFile) -> None:
    """Refuse what only tells how the request ended."""
    if _is_error(content, file):
        raise InvalidArtifactError(_("{name} only tells of an error.", name=name))
    if _is_status(content, file):
        raise InvalidArtifactError(_("{name} holds nothing but a status.", name=name))


def _is_error(content: bytes, file: SavedFile) -> bool:
    """Return whether nothing but an error is told; of several lines of text, what has to be found in them says more."""
    is_said = bool(file.contains) and found_form(content) is None and single_line(content) is None
    return not is_said and is_only_an_error(content)


def _is_status(content: bytes, file: SavedFile) -> bool:
    """Return whether nothing but a status is told; where somebody said what has to be found, that says more."""
    return not (file.required or file.contains) and is_only_a_status(content)


def _is_only_a_line(content: bytes, form: str, file: SavedFile) -> bool:
    """Return whether this may as well be a word about what went wrong, of whatever kind."""
    if file.form not in {"auto", "any"} or file.contains or file.at_least or file.is_one_of_many:
        return False
    line = single_line(content) if form in {"text", "any"} else None
    return line is not None and (form == "text" or is_sentence(line))


def _check_inside(name: str, content: bytes) -> None:
    """Refuse an archive that holds nothing, or nothing but what is no backup outside of one either."""
    inside = files_within(content, _MOST_OF_ERRORS)
    if inside is None:
        return
    found = [file for file in inside if file.strip(b"\0 \t\r\n")]
    if not found:
        raise InvalidArtifactError(_("{name} is packed, but nothing is in it.", name=name))
    if all(is_web_page(file) or is_only_an_error(file) for file in found):
        raise InvalidArtifactError(_("{name} is packed, but only a web page or an error is in it.", name=name))


def _check_size(name: str, size: int, file: SavedFile) -> None:
    if size < file.at_least:
        raise InvalidArtifactError(
            _("{name} has {size} bytes, at least {least} are expected.", name=name, size=size, least=file.at_least)
        )
    if size % file.multiple_of:
        raise InvalidArtifactError(
            _(
                "{name} has {size} bytes, a multiple of {number} is expected: it is cut off.",
                name=name,
                size=size,
                number=file.multiple_of,
            )
        )


def _check_places(name: str, content: bytes, file: SavedFile) -> None:
    if file.root:
        root = parse_xml(content)
        is_meant = _root_name(content) == file.root if root is None else is_named(root, file.root)
        if not is_meant:
            raise InvalidArtifactError(
                _("{name} does not begin with the element {root}: it is something else.", name=name, root=file.root)
            )
    for source in file.required:
        if not _is_there(source, content):
            raise InvalidArtifactError(_("{name} has nothing at {place}.", name=name, place=source.argument))


def _root_name(content: bytes) -> str:
    """Return the name of the first element of XML that is too large to parse."""
    found = re.search(rb"<([A-Za-z_][\w.:-]*)", content[:_PIECE])
    return found[1].decode().rpartition(":")[2] if found else ""


def _is_there(source: Source, content: bytes) -> bool:
    """Return whether something is at a place; in what is too large to parse that cannot be told."""
    if source.kind == "xml":
        root, place = parse_xml(content), parse_place(source.argument)
        return root is None or not isinstance(place, XmlPlace) or next(texts_at(root, place), None) is not None
    if not is_cheap(content):
        return True
    try:
        return bool(values_at(read_json(content), parse_pointer(source.argument) or ()))
    except NotOfFormError:
        return False


def _check_members(name: str, content: bytes, file: SavedFile) -> None:
    if not file.members:
        return
    budget = Budget()
    for wanted in file.members:
        if not _has_member(content, wanted.split("!"), budget):
            raise InvalidArtifactError(_("{name} lacks {member}.", name=name, member=wanted))


def _has_member(content: bytes, path: list[str], budget: Budget) -> bool:
    try:
        found = [inner for member, inner in members_in(content, budget) or () if fnmatchcase(member, path[0])]
        return bool(found) if len(path) == 1 else any(_has_member(inner, path[1:], budget) for inner in found)
    except TooMuchError:
        return False


def _is_found(pattern: str, content: bytes) -> bool:
    return is_in_lines(pattern, lines_of_text(content))


def is_in_lines(pattern: str, lines: Iterable[str]) -> bool:
    """Return whether an expression is found in one of the lines; raise InvalidArtifactError where that takes long."""
    expression = Expression(pattern)
    try:
        return any(expression.found_in(line) for line in lines)
    except ExpressionError as error:
        raise InvalidArtifactError(
            _("“{pattern}” takes too long to be looked for. Write it without repeats of groups.", pattern=pattern)
        ) from error


def lines_of_text(content: bytes) -> Iterator[str]:
    """Return the lines of a text, of bytes as Latin-1."""
    # One after the other, so that a great text is not in memory a second time.
    line_end = "\n" if b"\n" in content else None
    text = io.TextIOWrapper(io.BytesIO(content), encoding_of(content) or "latin-1", newline=line_end)
    return (line.removesuffix("\n").removesuffix("\r") for line in text)


def _is_packed_tar(content: bytes) -> bool:
    try:
        inner = gunzip(content, Budget(unpacked=_LARGEST_TAR))
    except TooMuchError:
        return is_gzip(content, Budget())
    return inner is not None and is_tar(inner)


def _is_whole_tar(content: bytes) -> bool:
    """Return whether a tar file is whole, with what is packed in it: making that fails without a word."""
    if not is_tar(content):
        return False
    budget = Budget()
    packed = (inner for name, inner in members_in(content, budget) or () if name.lower().endswith((".gz", ".tgz")))
    return all(is_gzip(inner, budget) for inner in packed)


def _is_sqlite(content: bytes) -> bool:
    """Return whether a database is whole, as SQLite itself says."""
    if not content.startswith(_SQLITE_START) or len(content) % (_page_of_sqlite(content) or 1):
        return False
    steps = iter(range(_STEPS_OF_SQLITE))
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            # One that is written ahead cannot be opened in memory; without the log it is the same file.
            database.deserialize(content[:_WRITTEN_AHEAD] + b"\1\1" + content[_WRITTEN_AHEAD + 2 :])
            # What takes for ever is broken off, and counts as whole.
            database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            return "interrupt" in str(error)
        except (sqlite3.Error, TypeError, ValueError):
            return False
        finally:
            database.set_progress_handler(None, 0)
    return bool(said == "ok")


def _page_of_sqlite(content: bytes) -> int:
    """Return the bytes of a page; what ends within one is cut off, which SQLite passes over."""
    size = int.from_bytes(content[16:18])
    return _LARGEST_PAGE if size == 1 else size


_CHECKS: Mapping[str, Callable[[bytes], bool]] = {
    "json": is_json,
    "xml": is_xml,
    "zip": is_zip,
    "gzip": is_gzip,
    "tgz": _is_packed_tar,
    "tar": _is_whole_tar,
    "sqlite": _is_sqlite,
    "text": is_text,
    "page": is_web_page,
}
