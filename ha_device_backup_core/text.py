"""Texts that people read, in one or several languages."""

import re
from collections.abc import Mapping, Sequence

type Text = str | Mapping[str, str]
"""A text in English, or a mapping of language codes to texts in which "en" is required."""

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers a terminal, turns the direction of reading, or cannot be written in UTF-8."""


def plain(text: str) -> str:
    """Return the text with a mark in place of each character that nobody should be shown; lines and tabs stay."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def in_language(text: Text, language: str = "en") -> str:
    """Return the text in the language, in its base language ("de" for "de-CH"), or in English."""
    if isinstance(text, str):
        return text
    for candidate in (language, language.partition("-")[0]):
        if candidate in text:
            return text[candidate]
    return text["en"]


def check_text(text: Text) -> None:
    """Raise ValueError unless the text can be shown to everybody."""
    if isinstance(text, str):
        return
    if "en" not in text:
        msg = f"a text in several languages needs English ('en'), got {sorted(text)}"
        raise ValueError(msg)


def numbered(texts: Sequence[Text]) -> Text | None:
    """Return the texts as one with a numbered line each, in every language that one of them has; None without any."""
    if not texts:
        return None
    languages = {"en", *(language for text in texts if isinstance(text, Mapping) for language in text)}
    return {
        language: "\n".join(f"{number}. {in_language(text, language)}" for number, text in enumerate(texts, start=1))
        for language in sorted(languages)
    }
