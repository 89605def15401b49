"""Texts as JSON: readable in English by whoever opens the file, and in any language later."""

from .text import Message, Text, Value, in_language


def text_document(text: Text) -> object:
    """Return the English words, and of a message what says it in another language."""
    if isinstance(text, str):
        return text
    if not isinstance(text, Message):
        return dict(text)
    values = {
        name: text_document(value) if isinstance(value, Message) else value for name, value in text.values.items()
    }
    return {"en": str(text), "message": text.english, "values": values, "package": text.package}


def text_of(document: object) -> Text:
    """Return the text of a document; raises AttributeError, LookupError or TypeError where it is none."""
    if not isinstance(document, dict):
        return _string(document)
    if "message" not in document:
        return {_string(language): _string(text) for language, text in document.items()}
    values = {_string(name): _value(value) for name, value in document["values"].items()}
    return Message(_string(document["message"]), values, _string(document["package"]))


def _value(document: object) -> Value:
    if isinstance(document, int | float):
        return document
    text = text_of(document)
    return text if isinstance(text, Message) else in_language(text)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {type(value).__name__}")
    return value
