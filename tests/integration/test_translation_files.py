"""Home Assistant's translation files are made from texts that are written once."""

import re
from collections import Counter

import pytest

from scripts.translations import files, languages, resolved, sentences, strings, translated, written

from .languages import LANGUAGES, TRANSLATIONS


def test_the_files_are_made_from_their_sources() -> None:
    kept = {language: (TRANSLATIONS / f"{language}.json").read_text(encoding="utf-8") for language in LANGUAGES}
    assert kept == files(), "change the texts in scripts/translations, then run: python -m scripts.translations"


def test_no_text_is_written_twice() -> None:
    assert [text for text, times in Counter(written(strings())).items() if times > 1] == []


@pytest.mark.parametrize("language", languages())
def test_a_language_says_every_sentence_and_no_other(language: str) -> None:
    english, said = set(written(strings())), sentences(language)
    assert {"lacking": english - set(said), "superfluous": set(said) - english} == {
        "lacking": set(),
        "superfluous": set(),
    }
    gaps = re.compile(r"\{\w+\}")
    assert {text for text, other in said.items() if sorted(gaps.findall(text)) != sorted(gaps.findall(other))} == set()


def test_a_reference_stands_for_a_text_or_a_group() -> None:
    texts = resolved(
        {
            "user": {"title": "Log in", "data": {"host": "Host", "port": "[%key:other::port%]"}},
            "other": {"port": "Port"},
            "again": {"data": "[%key:user::data%]", "title": "[%key:user::title%]"},
            "more": {"<<": "[%key:user::data%]", "token": "Token"},
        }
    )
    data = {"host": "Host", "port": "Port"}
    assert texts == {
        "user": {"title": "Log in", "data": data},
        "other": {"port": "Port"},
        "again": {"data": data, "title": "Log in"},
        "more": {**data, "token": "Token"},
    }


@pytest.mark.parametrize("reference", ["user::name", "user::title::more"])
def test_a_reference_to_nothing_is_named(reference: str) -> None:
    with pytest.raises(KeyError, match=f"Nothing is written at {reference}"):
        resolved({"user": {"title": "Log in"}, "again": f"[%key:{reference}%]"})


def test_a_sentence_that_is_lacking_stays_english() -> None:
    said = translated({"data": {"host": "Host", "port": "{port_help}", "url": "Address"}}, {"Address": "Adres"})
    assert said == {"data": {"host": "Host", "port": "{port_help}", "url": "Adres"}}
    assert written({"data": {"host": "Host", "port": "{port_help}", "url": "[%key:data::host%]"}}) == ["Host"]
