import json

import pytest

from ha_device_backup_core.store.json_documents import DocumentError, decode, encode


@pytest.mark.parametrize("text", ["Küche", "lamp\udcff", "\ud800", "\\ud800", "\x1b[2J", "👩‍👧", '"'])
def test_every_text_comes_back(text: str) -> None:
    assert decode(encode({"title": text})) == {"title": text}
    assert json.loads(encode({text: 1})) == {text: 1}


def test_people_can_read_what_is_stored() -> None:
    assert encode({"title": "Küche"}) == '{\n  "title": "Küche"\n}\n'.encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"a":' * 200_000, "nested too deeply|not JSON"),
    ],
)
def test_what_is_no_document(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        decode(content)
