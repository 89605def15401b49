"""Files without what changes by itself and without what a person does not want to be compared; pure."""

import json
from collections.abc import Mapping, Sequence

from ha_device_backup_core import Artifact

from .expressions import Expression
from .gzip_files import packed, unpacked
from .pointers import Pointer, without
from .recognise import ZIP, is_page, is_xml, members_of, read_json
from .rules import Rules, rules_of

LARGEST_SEARCHED = 8 * 1024 * 1024
"""Bytes of all files together in which expressions are looked for; that takes a second for each and a few of these."""
_ONE_FILE = "file"


def normalize(artifact: Artifact) -> Mapping[str, bytes]:
    """Return the files of a backup as they are compared; the name of a single one may hold the time and is left out."""
    files = artifact.files() if artifact.media_type == ZIP else {_ONE_FILE: artifact.content}
    comparison = _Comparison(rules_of(artifact) or Rules(), sum(map(len, files.values())))
    return {name: comparison.file(name, content) for name, content in files.items()}


class _Comparison:
    """Applies rules to one file after the other."""

    def __init__(self, rules: Rules, size: int) -> None:
        self._pointers: Sequence[Pointer] = rules.pointers
        self._expressions: Sequence[Expression] = rules.expressions if size <= LARGEST_SEARCHED else ()

    def file(self, name: str, content: bytes) -> bytes:
        """Return the content as it is compared; what is packed has times of its own, so it is packed anew."""
        if (inner := unpacked(content)) is not None:
            return packed(self._plain(inner))
        members = members_of(name, content)
        if not members:
            return self._plain(content)
        return Artifact.bundle({inner: self._plain(data) for inner, data in members.items()}).content

    def _plain(self, content: bytes) -> bytes:
        """Return the content as one value or element a line, without the lines that do not count."""
        while (smaller := self._once(content)) != content:
            # What is left may be JSON again, and be laid out in another way.
            content = smaller
        return content

    def _once(self, content: bytes) -> bytes:
        value = read_json(content)
        if isinstance(value, dict | list):
            text = _lines_of(without(value, self._pointers))
        else:
            try:
                text = content.decode()
            except UnicodeDecodeError:
                return content
            if not is_page(content) and is_xml(content):
                text = text.replace("><", ">\n<")
        return self._without_lines(text).encode("utf-8", "surrogatepass")

    def _without_lines(self, text: str) -> str:
        if not self._expressions or len(text) > LARGEST_SEARCHED:
            return text
        lines = text.split("\n")
        return "\n".join(line for line in lines if not self._is_ignored(line.removesuffix("\r")))

    def _is_ignored(self, line: str) -> bool:
        return any(expression.found_in(line) for expression in self._expressions)


def _lines_of(value: object) -> str:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False)
