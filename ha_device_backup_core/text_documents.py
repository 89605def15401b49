"""Texts as JSON: readable in English by whoever opens the file, and in any language later."""

from .text import GapValue, Message, Text


def text_document(text: Text) -> object:
    """Return the English words, and of a message what says it in another language."""
    if isinstance(text, str):
        return text
    values = {
        name: text_document(value) if isinstance(value, Message) else value for name, value in text.values.items()
    }
    document = {"en": str(text), "message": text.english, "values": values, "package": text.package}
    return {**document, "said": dict(text.said)} if text.said else document


def text_of(document: object) -> Text:
    """Return the text of a document; raises AttributeError, LookupError or TypeError where it is none."""
    if not isinstance(document, dict):
        return _string(document)
    if "message" not in document:
        return _string(document["en"])
    values = {_string(name): _value(value) for name, value in document["values"].items()}
    said = {_string(language): _string(words) for language, words in document.get("said", {}).items()}
    return Message(_string(document["message"]), values, _string(document["package"]), said)


def _value(document: object) -> GapValue:
    if isinstance(document, int | float):
        return document
    return text_of(document)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {type(value).__name__}")
    return value
