"""Texts that people read: English where they are used, other languages in files beside the package."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .catalogs import add_sentence, register, translated, translations

type GapValue = str | int | float | Message
"""What fills a gap; a message is shown in the language of the sentence around it."""
type Text = str | Message
"""A text in English, or a message that has other languages, too."""

GAP = re.compile(r"\{(\w+)\}")
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers a terminal, turns the direction of reading, or cannot be written in UTF-8."""
_DOUBLE_END = re.compile(r"…\.(?!\w)")
"""Where what fills a gap is not told to its end, and the sentence ends with it."""
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named gaps, what fills them, and the package whose files translate it."""

    english: str
    values: Mapping[str, GapValue] = field(default_factory=dict)
    package: str = ""
    said: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The sentence in other languages, where the package may be on another machine only."""

    def in_language(self, language: str) -> str:
        """Return the sentence in the language, in its base language ("de" for "de-CH"), or in English."""
        words = translated(self.package, self.english, language) or _said(self.said, language) or self.english
        return _DOUBLE_END.sub("…", GAP.sub(lambda gap: _filled(self.values, gap, language), words))

    def __str__(self) -> str:
        """Return it in English."""
        return self.in_language("en")


class Translator(Protocol):
    """Makes messages of one package, called `_`: `_("{name} is empty.", name=name)`."""

    def __call__(self, english: str, /, **values: GapValue) -> Message:
        """Return the sentence with what fills its gaps."""


def translator(package: str) -> Translator:
    """Return what makes the messages of a package.

    Other languages lie in the package as `translations/<language>.json`: English sentences to those of the language.
    """
    register(package)

    def message(english: str, /, **values: GapValue) -> Message:
        return Message(english, values, package)

    return message


def for_elsewhere(text: Text) -> Text:
    """Return the text with its words in all languages, for a machine that may lack the package."""
    if not isinstance(text, Message):
        return text
    values = {
        name: for_elsewhere(value) if isinstance(value, Message) else value for name, value in text.values.items()
    }
    return Message(text.english, values, text.package, {**text.said, **translations(text.package, text.english)})


def message_of(words: Mapping[str, str], source: str) -> Message:
    """Return a message from its words by language, `en` among them; `source` says where it is written."""
    english = words["en"]
    add_sentence(source, english, {language: said for language, said in words.items() if language != "en"})
    return Message(english, {}, source)


def in_language(text: Text, language: str = "en") -> str:
    """Return the text in the language, in its base language ("de" for "de-CH"), or in English."""
    return text.in_language(language) if isinstance(text, Message) else text


def plain(text: str) -> str:
    """Return the text with a mark in place of each character that nobody should be shown; lines and tabs stay."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shown_name(name: str, otherwise: str) -> str:
    """Return a name as it fits into a sentence and a row, whatever somebody called it; of a blank one the other."""
    words = plain(" ".join(name.split())) or otherwise
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def check_text(text: object) -> None:
    """Raise ValueError unless that is a text."""
    if not isinstance(text, str | Message):
        msg = f"a text is English or a message, got {type(text).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - of a spec, like all that is wrong with it


def joined(texts: Sequence[Text], between: str) -> Message:
    """Return the texts as one, whatever languages each of them has."""
    values = {f"text{number}": text for number, text in enumerate(texts, start=1)}
    return Message(between.join(f"{{{name}}}" for name in values), values)


def numbered(texts: Sequence[Text]) -> Text | None:
    """Return the texts as one with a numbered line each; None without any."""
    if not texts:
        return None
    lines = "\n".join(f"{number}. {{line{number}}}" for number in range(1, len(texts) + 1))
    return Message(lines, {f"line{number}": text for number, text in enumerate(texts, start=1)})


def _said(said: Mapping[str, str], language: str) -> str | None:
    return said.get(language) or said.get(language.partition("-")[0])


def _filled(values: Mapping[str, GapValue], gap: re.Match[str], language: str) -> str:
    value = values.get(gap[1], gap[0])
    return value.in_language(language) if isinstance(value, Message) else str(value)


_ = translator("ha_device_backup_core")
"""Makes the messages of the core."""
