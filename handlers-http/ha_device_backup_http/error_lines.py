"""Texts of a few lines that only tell of an error: prose, traces of a crash, values by name; pure."""

import re
from collections.abc import Iterator, Sequence

from .error_words import NOTHING, WORDS_OF_A_LOGIN, WORDS_OF_AN_ERROR

MOST_LINES = 30
"""A text of more lines is no list of values that tells of an error."""
_MOST_OF_PROSE = 5
_BEGINNINGS = re.compile(
    r"Traceback \(most recent call last\)|(?:PHP )?(?:Fatal error|Parse error|Warning|Notice)\s*:.{1,500} on line \d+"
    r"|goroutine \d+ \[|panic: |Guru Meditation|HTTP/\d(?:\.\d)? [345]\d\d\b|Segmentation fault"
    r"|(?:Exception in thread .{1,200}|(?:Caused by: )?[\w.$]{0,200}(?:Exception|Error)\b.{0,2000})\n\s{0,20}at \S"
    r"|.{0,500}\n(?:stack traceback|Stack trace):\s*\n"
)
"""How programs begin when they end."""
_VALUE = re.compile(r"[ \t]*(?:- )?\"?([\w .-]{1,60}?)\"?[ \t]*[:=][ \t]*(.*)")
_NO_VALUES = frozenset({"---", "..."})
_PAIRS = re.compile(r"[\w.-]{1,60}=[^&\s]*(?:&[\w.-]{1,60}=[^&\s]*)+")
_WORD = re.compile(r"[^\W\d_][^\W_]*[.,:;!?…]*")


def begins_as_a_crash(text: str) -> bool:
    """Return whether a program tells how it ended, or another server that it cannot answer."""
    return _BEGINNINGS.match(text) is not None


def is_sentence(line: str) -> bool:
    """Return whether a line is made of words, as what is meant for people is."""
    words = line.split()
    return "=" not in line and 2 * sum(_WORD.fullmatch(word) is not None for word in words) > len(words)


def is_error_line(line: str) -> bool:
    """Return whether a line alone tells of an error."""
    return _has_word(line) or (is_sentence(line) and WORDS_OF_A_LOGIN.search(line) is not None)


def is_error_prose(lines: Sequence[str]) -> bool:
    """Return whether a few lines are made of words, and tell of an error from the first one on."""
    have_words = [_has_word(line) for line in lines]
    if not 0 < len(lines) <= _MOST_OF_PROSE or not have_words[0]:
        return False
    first = lines[0].strip()
    return all(have_words) or (
        " " in first
        and (first[0].isupper() or _has_word(first.split()[0]))
        and all(has_word or is_sentence(line) for line, has_word in zip(lines, have_words, strict=True))
    )


def is_query(line: str) -> bool:
    """Return whether a line holds values as the query of an address does."""
    return _PAIRS.fullmatch(line) is not None


def named_values(lines: Sequence[str]) -> list[tuple[str, str]] | None:
    """Return the values by name of which a short text is made, as YAML, INI or a query has them; None for others."""
    if len(lines) > MOST_LINES:
        return None
    if len(lines) == 1 and is_query(lines[0]):
        lines = lines[0].split("&")
    found = list(_values(line for line in lines if line.strip() not in _NO_VALUES))
    return None if None in found else [pair for pair in found if pair is not None]


def _values(lines: Iterator[str]) -> Iterator[tuple[str, str] | None]:
    for line in lines:
        section = line.strip()
        if section.startswith("[") and section.endswith("]"):
            yield section[1:-1], ""
        elif found := _VALUE.fullmatch(line):
            yield found[1], found[2].strip().strip("\"'")
        else:
            yield None


def _has_word(line: str) -> bool:
    return NOTHING.fullmatch(line.strip()) is not None or WORDS_OF_AN_ERROR.search(line) is not None
