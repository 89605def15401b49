"""Words that the translations of all packages use, or must not: one for each thing."""

import re
from collections import defaultdict

import pytest

from .translated_texts import translated_texts

GOES_ON = re.compile(r"(?!Any|No|Some|Missing)[A-Z][a-z]+ing [^.]+(?: …)?")
"""What a person reads while something happens, as English says it."""
HAPPENS = {"de": r"\bw(?:ird|erden)\b|^Warten ", "nl": r"\bwordt\b|\bworden\b|^Wachten "}
MENUS = re.compile(r"System, (?:Konfiguration, )?Sicherung(?:en)?|Restore backup")
"""Of devices, which have their own words."""
AVOIDED = {
    "de": r"[Ss]icherung|Hostschlüssel|\bAblage|[Ee]inreich|[Rr]eiche? .*\bein\b",
    "nl": r'(?<![\w./#"{-])backup(?![\w}.-])|reservekopie|back-uppen|back-upt\b|netwerkschijf|\b[Ss]hare\b'
    r"|[Aa]anmeld|aangemeld|[Mm]eld je\b.*\baan\b|[Aa]anlever|[Ii]nlever|[Ll]ever .*\b(?:aan|in)\b",
}
HANDED_IN = re.compile(r"(?<!by )\bhand(?:ed)?\b[^.]*\bin\b", re.IGNORECASE)
UPLOADED = {"de": r"[Hh]ochgeladen|[Hh]ochladen|hochlädst|[Ll]ade .*\bhoch\b", "nl": r"[Uu]pload|[Gg]eüpload"}
NOT_WHOLE = re.compile(r"\bnot (?:whole|complete)\b(?! list)|^[Ww]hole$")
"""A backup is complete or incomplete: “whole” is the word of authors and programs."""
OF_ONE_DEVICE = {"It redirects to another address, which is not followed."}
"""What differs by what “it” is there."""


def test_what_happens_is_no_order_to_the_reader() -> None:
    """“Starte das Gerät neu” would ask the person to do it."""
    said = [text for text in translated_texts() if text.language in HAPPENS and GOES_ON.fullmatch(text.english)]
    assert said
    assert [text for text in said if not re.search(HAPPENS[text.language], text.words, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", AVOIDED)
def test_a_thing_has_one_word(language: str) -> None:
    texts = [text for text in translated_texts() if text.language == language]
    assert [text for text in texts if re.search(AVOIDED[language], MENUS.sub("", text.words))] == []


@pytest.mark.parametrize("language", UPLOADED)
def test_what_is_handed_in_is_uploaded(language: str) -> None:
    texts = [text for text in translated_texts() if text.language == language and HANDED_IN.search(text.english)]
    assert texts
    assert [text for text in texts if not re.search(UPLOADED[language], text.words)] == []


def test_a_backup_is_incomplete() -> None:
    assert [text.english for text in translated_texts() if NOT_WHOLE.search(text.english)] == []


def test_a_sentence_is_said_in_one_way() -> None:
    said = defaultdict(set)
    for text in translated_texts():
        if text.english not in OF_ONE_DEVICE:
            said[text.language, text.english].add(text.words)
    assert {sentence: words for sentence, words in said.items() if len(words) > 1} == {}
