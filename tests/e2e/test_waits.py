"""What tests wait for is told in one place alone: a text within a longer one is there before its time."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scripts.live.folder import INTEGRATION

WAIT = re.compile(r'(?:get_by_text|has_text=)\(?(?:words|another|english|german)\("(?P<key>[\w.]+)"\)(?!.*exact=True)')
PARTS = "common."
"""Those are parts of other texts by design."""


def flat(texts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, str):
            yield f"{above}{key}", value.casefold()
        else:
            yield from flat(value, f"{above}{key}.")


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_no_text_that_is_waited_for_stands_in_another_one(language: str) -> None:
    texts = dict(flat(json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())))
    lines = [line for file in Path(__file__).parent.glob("*.py") for line in file.read_text().splitlines()]
    waited_for = {found["key"] for line in lines for found in WAIT.finditer(line)}
    assert len(waited_for) > 20
    ambiguous = {
        key: [
            other
            for other, text in texts.items()
            if other.partition(".")[0] == key.partition(".")[0] and texts[key] in text and texts[key] != text
        ]
        for key in waited_for
        if not key.startswith(PARTS)
    }
    assert {key: others for key, others in ambiguous.items() if others} == {}
