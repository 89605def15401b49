"""What is wrong with a recipe, for its author."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ha_device_backup_core import Message, Text, in_language, joined

from ..translation import _
from .positions import Place

_MOST_NAMES = 50
_LONGEST_NAME = 100
_CERTAIN = 0.74
_EASY_TO_READ = re.compile(r"[^\s.:\"'\\]+")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a value, and what would be right where that is another thing than for all of its kind."""

    wrong: Text
    right: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeProblem:
    """One mistake: where it is, what is wrong, what would be right."""

    place: Place
    wrong: Text
    right: Text
    line: int = 1
    meant: str = ""
    """The key that its author meant, where that is certain."""
    is_unknown_key: bool = False

    @property
    def key(self) -> str:
        """The keys that lead to it, as in the file."""
        return ".".join(_as_key(part) for part in self.place if isinstance(part, str)) or "recipe"

    def line_in(self, name: str) -> Message:
        """Return it as a line about the file of that name, in every language."""
        values: dict[str, str | int | Message] = {
            "file": name,
            "line": self.line,
            "key": self.key,
            "wrong": self.wrong,
            "right": self.right,
        }
        return Message("{file}:{line}: {key}: {wrong}; {right}", values)

    def __str__(self) -> str:
        """Return it on one line, in English."""
        return f"{self.line}: {self.key}: {in_language(self.wrong)}; {in_language(self.right)}"


class RecipeError(ValueError):
    """A recipe that cannot be used; its arguments are the mistakes, a line each."""

    def __init__(self, name: str, problems: Sequence[RecipeProblem]) -> None:
        """Take the name of its file and all that is wrong with it."""
        super().__init__(*(problem.line_in(name) for problem in problems))
        self.name = name
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """Return all of it in English."""
        return "\n".join(map(str, self.args))


def lines_about(error: RecipeError, language: str) -> list[str]:
    """Return all that is wrong with a recipe in a language, a mistake a line."""
    return [problem.line_in(error.name).in_language(language) for problem in error.problems]


def known_names(wanted: str, known: Iterable[str]) -> Message:
    """Return which name was probably meant, or all there are."""
    names = sorted(set(known))[:_MOST_NAMES]
    if close := get_close_matches(wanted[:_LONGEST_NAME], names, n=1):
        return _("did you mean {name}?", name=close[0])
    return _("there are {names}", names=", ".join(names)) if names else _("there are none")


def meant_key(wanted: str, known: Iterable[str]) -> str:
    """Return the key that was certainly meant, an empty text without one."""
    return next(iter(get_close_matches(wanted[:_LONGEST_NAME], sorted(known), n=1, cutoff=_CERTAIN)), "")


def listed(names: Iterable[str]) -> str:
    """Return names that go on in one line."""
    return ", ".join(shown(name) for name in names)


def shown(text: object) -> str:
    """Return what stands in a recipe as it fits into a line."""
    words = " ".join(str(text).split())
    if not words.isprintable():
        words = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words)
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def either(words: Sequence[Text]) -> Message:
    """Return several forms, of which one is enough."""
    texts = iter(words)
    found = joined([next(texts)], "")
    for text in texts:
        found = _("{one}, or {other}", one=found, other=text)
    return found


def _as_key(part: str) -> str:
    """Return a key; in quotes where one could not tell where it ends."""
    part = shown(part)
    return part if _EASY_TO_READ.fullmatch(part) else json.dumps(part, ensure_ascii=False)
