"""Rules for every text of the translations: words that people use, titles that fit, and gaps that fit their places."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .languages import LANGUAGES

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components" / "ha_device_backups"
NOT_FOR_PEOPLE = r"\b[Hh]andlers?\b|\b[a-z]+_[a-z_]+\b|\b[Aa]rt[ie]fa[ck]t"
NOT_IN = {
    "en": r"\bentr(?:y|ies)\b|\breload\b|\b[Pp]lease\b",
    "de": r"Handler|\bEinträge?\b|\bneu laden\b|\b[Bb]itte\b(?! den Autor)|\bSie können\b",
    "nl": r"\bitems?\b|\bherladen\b|\b[Aa]l(?:s|stu)(?:jeblieft|blieft)\b|\b[Uu]w?\b",
}
KNOWN_NAMES = r"\{\w+\}|allowlist_external_dirs|ha_device_backups_export|“Add device”|„Gerät hinzufügen“"
"""Gaps, and names that people have to type or find so."""
LONGEST_TITLE = 32
"""What fits on one line of a dialog's head on a phone."""
LONGEST_TITLE_OF_A_FLOW = 28
"""These have less room, beside a question mark; the tests in the browser look whether it was enough."""
LONGEST_CHOICE = 34
"""What Home Assistant does not cut of a line of a menu on a phone."""
SAMPLES = {"plain_name": "Stairs", "name": "FRITZ!Box", "agent": "cellar", "count": "12", "size": "205"}
PLAIN_GAPS = {"plain_name", "count", "size", "recommended", "package"}
"""What places without Markdown may fill in beside the words of handlers, which are made for them."""

type Texts = dict[str, Any]


def translations(language: str) -> Texts:
    loaded: Texts = json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    return loaded


def flat(texts: Texts, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def of_forms(language: str) -> dict[str, str]:
    """Return the texts of flows and repairs."""
    texts = translations(language)
    return {key: text for part in ("config", "options", "issues") for key, text in flat(texts[part], f"{part}.")}


def is_plain(key: str) -> bool:
    """Return whether Home Assistant shows the text as it is; everything else in forms is Markdown."""
    return (
        key.endswith(".title")
        or ".menu_options." in key
        or ".data." in key
        or re.search(r"\.sections\.\w+\.name$", key) is not None
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_use_the_words_of_people(language: str) -> None:
    texts = {key: re.sub(rf"`[^`]*`|{KNOWN_NAMES}", "", text) for key, text in flat(translations(language))}
    avoided = "|".join((NOT_FOR_PEOPLE, *([NOT_IN[language]] if language in NOT_IN else [])))
    assert {key: text for key, text in texts.items() if re.search(avoided, text)} == {}


def test_the_blueprint_uses_the_words_of_people() -> None:
    for path in (ROOT / "blueprints").rglob("*.yaml"):
        described = [line for line in path.read_text().splitlines() if re.match(r"\s*(name|description):", line)]
        assert described
        assert [line for line in described if re.search(r"\bhandler|\bentry\b|reload", line)] == []


def test_actions_have_their_texts_in_the_translations_alone() -> None:
    actions = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    for action in actions.values():
        assert not {"name", "description"} & (
            set(action) | {key for field in action["fields"].values() for key in field}
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_fit_on_one_line_of_a_phone(language: str) -> None:
    titles = {
        key: re.sub(r"\{(\w+)\}", lambda gap: SAMPLES[gap[1]], text)
        for key, text in of_forms(language).items()
        if key.endswith(".title")
    }
    assert {
        key: text
        for key, text in titles.items()
        if len(text) > (LONGEST_TITLE if key.startswith("issues.") else LONGEST_TITLE_OF_A_FLOW)
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_fit_on_one_line_of_a_phone(language: str) -> None:
    menus = {key: text for key, text in flat(translations(language)["common"]) if key.startswith("menu_")}
    choices = {
        key: re.sub(r"\{(\w+)\}", lambda gap: SAMPLES[gap[1]], text)
        for key, text in {**menus, **of_forms(language)}.items()
        if key in menus or ".menu_options." in key
    }
    assert {key: text for key, text in choices.items() if len(text) > LONGEST_CHOICE} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_without_markdown_fill_in_what_was_not_escaped(language: str) -> None:
    labels = {key: gaps(text) for key, text in of_forms(language).items() if is_plain(key)}
    assert {
        key: found - PLAIN_GAPS
        for key, found in labels.items()
        if {gap for gap in found - PLAIN_GAPS if not re.fullmatch(r"option_\d+_label", gap)}
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_of_markdown_fill_in_what_was_escaped(language: str) -> None:
    assert {
        key for key, text in of_forms(language).items() if not is_plain(key) and "plain_name" in gaps(text)
    } == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_form_repeats_its_title(language: str) -> None:
    texts = of_forms(language)
    repeated = {
        key: text
        for key, text in texts.items()
        if key.endswith(".description")
        and (title := texts.get(key.replace(".description", ".title")))
        and title.strip("?") in text
    }
    assert repeated == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_of_an_error_beside_the_error(language: str) -> None:
    """An error stands at the field or above the form, and the description does not say it again; menus have neither."""
    texts = of_forms(language)
    menus = {key.partition(".menu_options")[0] for key in texts if ".menu_options" in key}
    both = {
        key
        for key, text in texts.items()
        if key.endswith(".description")
        and key.startswith("config.")
        and "error" in gaps(text)
        and key.removesuffix(".description") not in menus
    }
    assert both == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_after_a_power_cut_is_right_for_one_device_as_for_many(language: str) -> None:
    asked = translations(language)["config_panel"]["question"]["put_back"]
    of_many = r"\b[Bb]ackups\b|\bback-ups\b|\b[Ee]ach\b|\b[Jj]edes\b|\b[Ee]lk\b"
    assert {key: text for key, text in asked.items() if re.search(of_many, text)} == {}
