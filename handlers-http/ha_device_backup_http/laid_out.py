"""Files laid out in lines, JSON a value and XML an element each, without those that do not count; pure."""

import io
import json
import re
from collections.abc import Iterator, Sequence

from ha_device_backup_core.toolkit import is_web_page

from .decoding import line_end_of, text_of
from .expression_syntax import ExpressionError
from .expressions import Expression
from .gzip_files import Budget, TooMuchError, gunzip
from .json_files import count_values, read_json
from .pointers import Pointer, without
from .recognise import declared_size, is_zip, members_of
from .tar_files import TarMember, is_tar_start, read_tar, write_tar
from .xml_files import is_xml

LARGEST_SEARCHED = 8 * 1024 * 1024
"""Bytes of all files together in which expressions are looked for; that takes a second for each and a few of these."""
LARGEST_UNPACKED = 48 * 1024 * 1024
"""Bytes that are unpacked for comparing; what holds more is compared as it came."""
_MOST_MEMBERS = 10_000
_MOST_VALUES = 1_000_000
_DEEPEST = 4
"""Archives in archives."""
_MOST_LAYOUTS = 4
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_ESCAPE = re.compile(r"\\(r\\n|.)")
_LINE_BREAKS = {"r\\n": "\r\n", "n": "\n", '"': '"'}
_TEXT_OF_ELEMENT = re.compile(r">([^<>]*+)</")
_BETWEEN_ELEMENTS = re.compile(r"(?<!\]\])><(?!!\[CDATA\[)")
_XML_LINE_BREAK = re.compile(r"(?:&#(?:13|x0*d);)?&#(?:10|x0*a);", re.IGNORECASE)


class LaidOutFiles:
    """Applies rules to one file after the other; all together may cost so much and no more."""

    def __init__(self, pointers: Sequence[Pointer], expressions: Sequence[Expression], size: int) -> None:
        """Take the places in JSON and the lines that do not count, and the bytes of all files together."""
        self._pointers = pointers
        self._expressions: Sequence[Expression] = expressions if size <= LARGEST_SEARCHED else ()
        self._budget = Budget(unpacked=LARGEST_UNPACKED, members=_MOST_MEMBERS)
        self._values = _MOST_VALUES

    def file(self, content: bytes, level: int = 0) -> bytes:
        """Return the content as it is compared: of archives, what is in them without the times."""
        if level < _DEEPEST:
            try:
                return self._unpacked(content, level)
            except TooMuchError:
                return content
        return self.plain(content)

    def _unpacked(self, content: bytes, level: int) -> bytes:
        if (inner := gunzip(content, self._budget)) is not None:
            return self.file(inner, level + 1)
        members = list(self._members(content))
        if not members:
            return self.plain(content)
        return write_tar(members, lambda inner: self.file(inner, level + 1))

    def _members(self, content: bytes) -> Iterator[TarMember]:
        if is_tar_start(content):
            tar = read_tar(content)
            yield from () if tar is None else tar.members
        elif is_zip(content) and (size := declared_size(content)) <= self._budget.unpacked:
            # Spent before, because one that is damaged at its end costs as much as a whole one.
            self._budget.spend(unpacked=size)
            files = members_of(content, size) or {}
            self._budget.spend(members=len(files))
            for name, data in files.items():
                yield TarMember(name.encode("utf-8", "surrogatepass"), b"0", 0o600, b"", data)

    def plain(self, content: bytes) -> bytes:
        """Return the content as one value or element a line, without the lines that do not count."""
        for _ in range(_MOST_LAYOUTS):
            text = self._laid_out(content)
            if text is None:
                text = self._searched(content)
            if text is None:
                return content
            content = self._without_lines(text)
            if len(content) >= len(text):
                # Else what is left may be JSON, and be laid out in another way.
                return content
        return content

    def _searched(self, content: bytes) -> str | None:
        """Return the text in which lines are looked for, XML as one element a line; None where none are."""
        if not self._expressions or len(content) > LARGEST_SEARCHED:
            return None
        text = text_of(content)
        if text is not None and content.lstrip().startswith(b"<") and not is_web_page(content) and is_xml(content):
            text = _BETWEEN_ELEMENTS.sub(">\n<", _TEXT_OF_ELEMENT.sub(_trimmed, text))
            text = _XML_LINE_BREAK.sub("\n", text) if "&#" in text else text
        return text

    def _laid_out(self, content: bytes) -> str | None:
        """Return JSON as one value a line, None for what is none or too much."""
        values = count_values(content)
        if values > self._values:
            return None
        value = read_json(content)
        found = [value] if isinstance(value, dict | list) else _values_of_lines(content)
        if not found:
            return None
        self._values -= values
        return "\n".join(_lines_of(without(value, self._pointers)) for value in found)

    def _without_lines(self, text: str) -> bytes:
        kept = bytearray()
        try:
            for line in _lines(text):
                if not any(expression.found_in(line.removesuffix("\r")) for expression in self._expressions):
                    kept += line.encode("utf-8", "surrogatepass") + b"\n"
        except ExpressionError:
            # It would take too long: from here on everything counts.
            self._expressions = ()
            return text.encode("utf-8", "surrogatepass")
        return bytes(kept[:-1])


def _values_of_lines(content: bytes) -> list[object]:
    """Return the values of a file with a JSON object in each line; nothing for any other file."""
    if not content.startswith(b"{") or not re.search(rb"\}\r?\n\{", content):
        return []
    values: list[object] = []
    for line in filter(None, content.replace(b"\r\n", b"\n").split(b"\n")):
        value = read_json(line)
        if not isinstance(value, dict):
            return []
        values.append(value)
    return values


def _lines(text: str) -> Iterator[str]:
    at, line_end = 0, line_end_of(text)
    while (end := text.find(line_end, at)) >= 0:
        yield text[at:end]
        at = end + 1
    yield text[at:]


def _trimmed(found: re.Match[str]) -> str:
    text = found[1].strip()
    return f">{text}</" if text else found[0]


def _lines_of(value: object) -> str:
    written = io.StringIO()
    for part in json.JSONEncoder(sort_keys=True, indent=1, ensure_ascii=False).iterencode(value):
        written.write(part)
    return _STRING.sub(_with_lines, written.getvalue())


def _with_lines(string: re.Match[str]) -> str:
    """Return a string of JSON that holds several lines as these lines: often it is a text of the device's own."""
    text = string[0]
    if "\\n" not in text:
        return text
    written = _ESCAPE.sub(lambda escape: _LINE_BREAKS.get(escape[1], escape[0]), text[1:-1])
    return f'"\n{written}\n"' if "\n" in written else text
