import json

import pytest

from ha_device_backup_core.text import Message, Text
from ha_device_backup_core.text_documents import text_document, text_of

MQTT = Message("the broker", {}, "acme")


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Words.", "Words."),
        (
            Message("{name} has {size} bytes, {part}.", {"name": "cfg.json", "size": 5, "part": MQTT}, "acme"),
            {
                "en": "cfg.json has 5 bytes, the broker.",
                "message": "{name} has {size} bytes, {part}.",
                "values": {
                    "name": "cfg.json",
                    "size": 5,
                    "part": {"en": "the broker", "message": "the broker", "values": {}, "package": "acme"},
                },
                "package": "acme",
            },
        ),
    ],
)
def test_texts_come_back(text: Text, document: object) -> None:
    assert text_document(text) == document
    assert text_of(json.loads(json.dumps(document))) == text


def test_words_in_several_languages_are_read_in_english() -> None:
    assert text_of({"de": "Worte.", "en": "Words."}) == "Words."


@pytest.mark.parametrize(
    "document",
    [
        *(None, 5, ["Words."], {"en": 5}, {"message": "Words."}, {"message": 5, "values": {}, "package": "acme"}),
        *({"message": "", "values": [], "package": ""}, {"message": "", "values": {"a": None}, "package": ""}),
    ],
)
def test_what_is_no_text(document: object) -> None:
    with pytest.raises((AttributeError, LookupError, TypeError)):
        text_of(document)
