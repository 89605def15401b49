"""Words that the translations of all packages use, or must not."""

import re

from .translated_texts import translated_texts

GOES_ON = re.compile(r"(?!Any|No|Some|Missing)[A-Z][a-z]+ing [^.]+(?: …)?")
"""What a person reads while something happens, as English says it."""
HAPPENS = {"de": r"\bw(?:ird|erden)\b|^Warten ", "nl": r"\bwordt\b|\bworden\b|^Wachten "}


def test_what_happens_is_no_order_to_the_reader() -> None:
    """“Starte das Gerät neu” would ask the person to do it."""
    said = [text for text in translated_texts() if text.language in HAPPENS and GOES_ON.fullmatch(text.english)]
    assert said
    assert [text for text in said if not re.search(HAPPENS[text.language], text.words, re.IGNORECASE)] == []
