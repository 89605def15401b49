"""The translations: complete in every language, and everything that is used is there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from homeassistant.helpers.entity import EntityDescription

from custom_components.ha_device_backups import binary_sensor, button, event, sensor, switch, update
from custom_components.ha_device_backups.issues import agent_issue, issues, package_issues, reminders, snapshot_issue
from ha_device_backup_core import errors
from ha_device_backup_core.manager import Health
from ha_device_backup_core.manager.decisions import Decision
from ha_device_backup_core.manager.device_state import DeviceState
from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.records import Trigger

from .languages import LANGUAGES
from .packages.test_sentences import raised as reasons_of_packages

INTEGRATION = Path(__file__).parents[2] / "custom_components" / "ha_device_backups"

type Texts = dict[str, Any]


def load(name: str) -> Texts:
    loaded: Texts = json.loads((INTEGRATION / name).read_text())
    return loaded


def translations(language: str) -> Texts:
    return load(f"translations/{language}.json")


def flat(texts: Texts, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def all_errors(
    of: type[errors.DeviceBackupError] = errors.DeviceBackupError,
) -> Iterator[type[errors.DeviceBackupError]]:
    yield of
    for below in of.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from all_errors(below)


def keyword_texts(name: str) -> Iterator[tuple[str, str]]:
    """Return the file and the value of every keyword argument of that name in the integration."""
    for path in INTEGRATION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == name and isinstance(node.value, ast.Constant):
                yield path.name, str(node.value.value)


def test_the_languages_are_known() -> None:
    assert {"de", "en", "nl"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_placeholders(language: str) -> None:
    english, other = (dict(flat(translations(name))) for name in ("en", language))
    assert set(english) == set(other)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_plain(language: str) -> None:
    for key, text in flat(translations(language)):
        assert text, key
        assert text == text.strip(), key
        assert not re.search(r"<\w|</|https?://\w|\[%key", text), key
        assert not re.search(r"'\{\w+\}'", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_choices_fill_in_nothing_that_was_made_for_markdown(language: str) -> None:
    escaped = {"name", "reason", "error", "flaws", "devices", "files", "found"}
    places = {key: text for key, text in flat(translations(language)["issues"]) if _is_label(key)}
    assert {key for key, text in places.items() if placeholders(text) & escaped} == set()


def _is_label(key: str) -> bool:
    return key.endswith("title") or "menu_options" in key or ".data." in key


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_that_are_no_markdown_hold_none(language: str) -> None:
    labels = {key: text for key, text in flat(translations(language)) if _is_label(key) or ".sections." in key}
    assert {key for key, text in labels.items() if re.search(r"(?<!\*)\*\w[^*]*\w\*(?!\*)", text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_have_no_unit_that_would_need_a_plural(language: str) -> None:
    assert [key for key, _ in flat(translations(language)) if key.endswith("unit_of_measurement")] == []


def test_every_error_of_core_has_a_message_with_what_it_fills_in() -> None:
    messages = translations("en")["exceptions"]
    samples: dict[str, errors.DeviceBackupError] = {
        error.code: error
        for error in (
            errors.ConfigError("host"),
            errors.CertificateNotTrustedError("0" * 64),
            errors.HostKeyNotTrustedError("0" * 64),
            errors.KeyPairOfferedError("private_key", private="private", public="public"),
            errors.HandlerCrashedError("package", "1"),
            errors.HandlerUnavailableError(
                Problem(kind=ProblemKind.NOT_INSTALLED, distribution="package", version="1", message="Install it.")
            ),
        )
    }
    for kind in all_errors():
        assert kind.code in messages, kind
        filled_in = set((samples.get(kind.code) or kind()).placeholders())
        assert placeholders(messages[kind.code]["message"]) <= filled_in, kind


def test_every_exception_that_is_raised_has_a_message() -> None:
    messages = translations("en")["exceptions"]
    used = {key for _, key in keyword_texts("translation_key")}
    assert used - set(messages) - set(translations("en")["selector"]) == set()
    assert {"backups_failed", "unknown_device", "folder_not_allowed"} <= used


def test_every_phrase_is_used() -> None:
    """By its whole key, or by one of those that are put together behind a common beginning."""
    used, beginnings = {f"package_{reason}" for reason in reasons_of_packages()}, set()
    for path in INTEGRATION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]) if beginning.endswith("_"):
                    beginnings.add(beginning)
                case ast.Constant(value=str(key)):
                    used.add(key)

    phrases = translations("en")["common"]
    assert [key for key in phrases if key not in used and not key.startswith(tuple(beginnings))] == []


def test_every_entity_is_named_and_has_an_icon() -> None:
    descriptions: dict[str, list[EntityDescription]] = {
        "binary_sensor": [binary_sensor.PROBLEM],
        "button": [button.BACK_UP, button.BACK_UP_ALL],
        "event": [event.BACKUP],
        "sensor": [sensor.STATE, sensor.LAST_BACKUP, *sensor.DEVICE_SENSORS, *sensor.SERVICE_SENSORS],
        "switch": [switch.SCHEDULE],
        "update": [update.PACKAGE],
    }
    keys = {platform: {description.key for description in listed} for platform, listed in descriptions.items()}
    assert {platform: set(texts) for platform, texts in translations("en")["entity"].items()} == keys
    icons: Texts = load("icons.json")["entity"]
    assert {platform: set(listed) for platform, listed in icons.items()} == {
        platform: listed for platform, listed in keys.items() if platform != "binary_sensor"
    }


def test_every_state_of_an_attribute_has_a_name() -> None:
    entity = translations("en")["entity"]
    health = entity["binary_sensor"]["problem"]["state_attributes"]["health"]["state"]
    assert set(health) == {value.value for value in Health}
    assert set(entity["sensor"]["state"]["state"]) == {value.value for value in DeviceState}
    attributes = entity["event"]["backup"]["state_attributes"]
    assert set(attributes["event_type"]["state"]) == set(event.BACKUP.event_types or ())
    assert set(attributes["trigger"]["state"]) == {value.value for value in Trigger}
    codes = {kind.code for kind in all_errors()}
    assert set(attributes["reason"]["state"]) == codes
    assert set(entity["binary_sensor"]["problem"]["state_attributes"]["reason"]["state"]) == codes


def test_every_action_and_its_fields_are_described() -> None:
    actions = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    texts = translations("en")["services"]
    assert {name: set(action["fields"]) for name, action in actions.items()} == {
        name: set(text["fields"]) for name, text in texts.items()
    }
    for _, text in flat(texts):
        assert text
    assert set(load("icons.json")["services"]) == set(actions)


def test_every_repair_has_its_texts() -> None:
    used = {
        issues.HANDLER_MISSING,
        issues.STORE_DAMAGED,
        issues.STORE_FULL,
        issues.STORE_LARGE,
        issues.DEVICES_OVERDUE,
        issues.SECOND_COPY,
        *Decision,
        reminders.REMINDER_DUE,
        reminders.REMINDERS_DUE,
        snapshot_issue.NOT_IN_SNAPSHOT,
        agent_issue.AGENT_AWAY,
        agent_issue.AGENT_FAILED,
        agent_issue.AGENT_NOT_TRUSTED,
        agent_issue.AGENT_VERSION,
        package_issues.CORE_MISMATCH,
        package_issues.PACKAGES_MISSING,
        package_issues.RESTART_NEEDED,
    }
    texts = translations("en")["issues"]
    assert set(texts) == used
    for name in used:
        assert "title" in texts[name]
        assert ("description" in texts[name]) != ("fix_flow" in texts[name])
