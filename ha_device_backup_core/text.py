"""Texts that people read: English where they are used, other languages in files beside the package."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .catalogs import register, translated

type Value = str | int | float | Message
"""What fills a gap; a message is shown in the language of the sentence around it."""
type Text = str | Message | Mapping[str, str]
"""A text in English, or a message that has other languages, too."""

GAP = re.compile(r"\{(\w+)\}")
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers a terminal, turns the direction of reading, or cannot be written in UTF-8."""


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named gaps, what fills them, and the package whose files translate it."""

    english: str
    values: Mapping[str, Value] = field(default_factory=dict)
    package: str = ""

    def in_language(self, language: str) -> str:
        """Return the sentence in the language, in its base language ("de" for "de-CH"), or in English."""
        words = translated(self.package, self.english, language)
        return GAP.sub(lambda gap: _filled(self.values, gap, language), words)

    def __str__(self) -> str:
        """Return it in English."""
        return self.in_language("en")


class Translator(Protocol):
    """Makes messages of one package, called `_`: `_("{name} is empty.", name=name)`."""

    def __call__(self, english: str, /, **values: Value) -> Message:
        """Return the sentence with what fills its gaps."""


def translator(package: str) -> Translator:
    """Return what makes the messages of a package.

    Other languages lie in the package as `translations/<language>.json`: English sentences to those of the language.
    """
    register(package)

    def message(english: str, /, **values: Value) -> Message:
        return Message(english, values, package)

    return message


def in_language(text: Text, language: str = "en") -> str:
    """Return the text in the language, in its base language ("de" for "de-CH"), or in English."""
    if isinstance(text, str):
        return text
    if isinstance(text, Message):
        return text.in_language(language)
    for candidate in (language, language.partition("-")[0]):
        if candidate in text:
            return text[candidate]
    return text["en"]


def plain(text: str) -> str:
    """Return the text with a mark in place of each character that nobody should be shown; lines and tabs stay."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def check_text(text: Text) -> None:
    """Raise ValueError unless the text can be shown to everybody."""
    if isinstance(text, Mapping) and "en" not in text:
        msg = f"a text in several languages needs English ('en'), got {sorted(text)}"
        raise ValueError(msg)


def as_value(text: Text) -> Value:
    """Return the text as what fills a gap."""
    return text if isinstance(text, str | Message) else in_language(text)


def joined(texts: Sequence[Text], between: str) -> Message:
    """Return the texts as one, whatever languages each of them has."""
    values = {f"text{number}": as_value(text) for number, text in enumerate(texts, start=1)}
    return Message(between.join(f"{{{name}}}" for name in values), values)


def numbered(texts: Sequence[Text]) -> Text | None:
    """Return the texts as one with a numbered line each; None without any."""
    if not texts:
        return None
    lines = "\n".join(f"{number}. {{line{number}}}" for number in range(1, len(texts) + 1))
    return Message(lines, {f"line{number}": as_value(text) for number, text in enumerate(texts, start=1)})


def _filled(values: Mapping[str, Value], gap: re.Match[str], language: str) -> str:
    value = values.get(gap[1], gap[0])
    return value.in_language(language) if isinstance(value, Message) else str(value)


_ = translator("ha_device_backup_core")
"""Makes the messages of the core."""
