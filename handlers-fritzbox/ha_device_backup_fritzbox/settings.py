"""The settings in a text section: nested blocks of `key = value;`, as FRITZ!OS writes them; pure."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_KEY = re.compile(r"\s*([\w.-]+)\s*=", re.ASCII)
_OPENING = re.compile(r"(?:\}[ \t]*+)?([\w.-]*+)[ \t]*+\{", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)("?)')
"""Matches whatever follows, so that no line is searched twice."""
MAX_DEPTH = 32


class Setting(NamedTuple):
    """A line, and where it stands."""

    line: str
    path: tuple[str, ...]
    """The blocks around it, the outermost first; of the lines that begin or end a block, with that block."""
    key: str
    """Of this line, or of the line where its value began; empty for the marks of blocks and comments."""
    in_text: bool
    """Whether it is part of a quoted text over several lines."""


def read_settings(lines: Iterable[str]) -> Iterator[Setting]:
    """Return each line with its place; a block that goes on as `} {` has the name it began with."""
    path: tuple[str, ...] = ()
    beyond = 0
    key, goes_on, in_text = "", False, False
    for line in lines:
        if not goes_on and not in_text:
            found = _KEY.match(line)
            key = found[1] if found else ""
        was_in_text, in_text = in_text, _ends_in_text(line, in_text=in_text)
        bare = line.strip(" \t")
        goes_on = bool(key) and not bare.endswith((";", "{", "}"))
        is_mark = not key and not was_in_text
        opening = _OPENING.fullmatch(bare) if is_mark and bare.endswith("{") else None
        here, name = path, ""
        if is_mark and bare.startswith("}"):
            if beyond:
                beyond -= 1
            elif path:
                path, name = path[:-1], path[-1]
        if opening is not None:
            if len(path) < MAX_DEPTH:
                here = path = (*path, opening[1] or name)
            else:
                beyond += 1
        yield Setting(line, here, key, was_in_text or in_text)


def value_of(setting: Setting) -> str:
    """Return what stands behind the = of its line, without the mark of its end; empty where there is none."""
    return setting.line.partition("=")[2].strip().removesuffix(";").rstrip()


def quoted(line: str) -> Iterator[re.Match[str]]:
    """Return the quoted texts in a line; the last one may go on in the next line."""
    return _QUOTED.finditer(line)


def _ends_in_text(line: str, *, in_text: bool) -> bool:
    if '"' not in line:
        return in_text
    last = None
    for last in _QUOTED.finditer(f'"{line}' if in_text else line):  # noqa: B007 - only the last one counts
        pass
    return last is not None and not last[2]
