"""Texts that people read, in one or several languages."""

from collections.abc import Mapping, Sequence

type Text = str | Mapping[str, str]
"""A text in English, or a mapping of language codes to texts in which "en" is required."""


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
