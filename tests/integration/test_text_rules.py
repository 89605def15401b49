"""What Home Assistant's own checks ask of the texts and icons of every integration."""

import json
import re
import string
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.helpers import config_validation as cv

from .integrations import FOLDERS, content, of_each_integration

KEY = re.compile(r"(?!.+[_-]{2})(?![_-])[a-z0-9_-]+(?<![_-])")
QUOTED_GAP = re.compile(r"'{\w+}'")
ADDRESS = re.compile(
    r"(?:(?:ftps?|scp|https?|mqtts?|socket|socks5)://|www\.)[a-z0-9]+(?:[-.][a-z0-9]+)*\.[a-z]{2,5}", re.IGNORECASE
)
TEXT_FILES = [
    *[(folder, file) for folder in FOLDERS for file in sorted((folder / "translations").glob("*.json"))],
]

type Rule = dict[Any, Any] | Callable[..., Any]


def key(value: str) -> str:
    """Take a name of a text."""
    if not KEY.fullmatch(value):
        raise vol.Invalid(f"no key of a text: {value}")
    return value


def plain(value: object) -> str:
    """Take a text without HTML, addresses, quoted gaps, or spaces around it."""
    text = cv.string_with_no_html(value)
    if text != text.strip() or QUOTED_GAP.search(text) or ADDRESS.search(text):
        raise vol.Invalid(f"no text as Home Assistant wants it: {text}")
    return text


def text(value: object) -> str:
    """Take a text with gaps that have names."""
    said = plain(value)
    for _, gap, _, _ in string.Formatter().parse(said):
        if gap and not gap.isidentifier():
            raise vol.Invalid(f"no name of a gap: {gap}")
    return said


def state(value: object) -> str:
    """Take a text without gaps."""
    said = plain(value)
    if any(gap is not None for _, gap, _, _ in string.Formatter().parse(said)):
        raise vol.Invalid(f"a state has no gaps: {said}")
    return said


def by(keys: Callable[[Any], str], values: Rule) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what takes a mapping of names to that."""
    taken: Callable[[dict[str, Any]], dict[str, Any]] = cv.schema_with_slug_keys(values, slug_validator=keys)
    return taken


def described(flow: dict[str, Any]) -> dict[str, Any]:
    """Take steps whose fields with a help have a name."""
    for name, step in flow["step"].items():
        unknown = set(step.get("data_description", {})) - set(step.get("data", {}))
        if unknown:
            raise vol.Invalid(f"{name} explains fields without a name: {unknown}")
    return flow


FIELDS = {vol.Optional("data"): {str: text}, vol.Optional("data_description"): {str: text}}
STEP = {
    vol.Optional("title"): text,
    vol.Optional("description"): text,
    **FIELDS,
    vol.Optional("menu_options"): {str: text},
    vol.Optional("menu_option_descriptions"): {str: text},
    vol.Optional("submit"): text,
    vol.Optional("sections"): {str: {**FIELDS, vol.Optional("description"): text, vol.Optional("name"): text}},
}
FLOW = vol.All(
    vol.Schema(
        {
            vol.Optional("flow_title"): text,
            vol.Required("step"): {str: STEP},
            **{vol.Optional(name): {str: text} for name in ("error", "abort", "progress", "create_entry")},
            vol.Optional("initiate_flow"): {vol.Required("user"): text},
        }
    ),
    described,
)
ISSUE = vol.All(
    cv.has_at_least_one_key("description", "fix_flow"),
    vol.Schema(
        {
            vol.Required("title"): text,
            vol.Exclusive("description", "what follows"): text,
            vol.Exclusive("fix_flow", "what follows"): FLOW,
        }
    ),
)
STATES = {vol.Optional("name"): text, vol.Optional("state"): by(key, state)}
ENTITY = {
    **STATES,
    vol.Optional("state_attributes"): by(key, STATES),
    vol.Optional("unit_of_measurement"): state,
}
FIELD = {vol.Required("name"): str, vol.Required("description"): text, vol.Optional("example"): text}
ACTION = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): by(key, FIELD),
    vol.Optional("sections"): by(key, {vol.Required("name"): str, vol.Optional("description"): text}),
}
SELECTOR = {
    vol.Optional("options"): by(key, text),
    vol.Optional("choices"): by(key, text),
    vol.Optional("unit_of_measurement"): by(key, text),
    vol.Optional("fields"): by(key, {vol.Required("name"): str, vol.Required("description"): text}),
}
PANEL = vol.Schema(vol.Any({vol.Any(key, "_"): vol.Self}, text))
TEXTS = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Optional("config"): FLOW,
        vol.Optional("options"): FLOW,
        vol.Optional("config_panel"): PANEL,
        vol.Optional("selector"): by(vol.Any("_", cv.slug), SELECTOR),
        vol.Optional("device_automation"): {
            vol.Optional(name): {str: text}
            for name in ("action_type", "condition_type", "trigger_type", "trigger_subtype", "extra_fields")
        },
        vol.Optional("system_health"): {vol.Optional("info"): by(key, text)},
        vol.Optional("issues"): {str: ISSUE},
        vol.Optional("device"): by(key, {vol.Optional("name"): text}),
        vol.Optional("entity"): by(cv.slug, by(key, ENTITY)),
        vol.Optional("exceptions"): by(cv.slug, {vol.Optional("message"): text}),
        vol.Optional("services"): by(key, ACTION),
        vol.Optional("common"): by(cv.slug, text),
    }
)


def icons_that_exist() -> set[str]:
    """Return the icons of the frontend of this Home Assistant."""
    listed = json.loads((files("hass_frontend") / "static" / "mdi" / "iconList.json").read_text(encoding="utf-8"))
    return {f"mdi:{one['name']}" for one in listed}


ICON = vol.All(str, vol.In(icons_that_exist()))


def not_as_by_default(value: dict[str, Any]) -> dict[str, Any]:
    """Take icons of states that are others than the one for all."""
    for name, one in value.items():
        if "default" in one and one["default"] in one.get("state", {}).values():
            raise vol.Invalid(f"{name} repeats its icon")
    return value


def ascending(value: dict[str, str]) -> dict[str, str]:
    """Take ranges that begin with numbers, the lowest first."""
    bounds = [float(bound) for bound in value]
    if bounds != sorted(bounds):
        raise vol.Invalid("ranges that do not ascend")
    return value


OF_STATES = {vol.Optional("default"): ICON, vol.Optional("state"): by(key, ICON)}
ICONS = vol.Schema(
    {
        vol.Optional("entity"): by(
            cv.slug,
            vol.All(
                by(
                    key,
                    {
                        **OF_STATES,
                        vol.Optional("range"): vol.All({str: ICON}, ascending),
                        vol.Optional("state_attributes"): vol.All(by(key, OF_STATES), not_as_by_default),
                    },
                ),
                not_as_by_default,
            ),
        ),
        vol.Optional("services"): by(key, {vol.Optional("service"): ICON, vol.Optional("sections"): by(key, ICON)}),
    }
)


@pytest.mark.parametrize(("folder", "file"), TEXT_FILES, ids=lambda path: path.name)
def test_texts_are_where_and_as_home_assistant_wants_them(folder: Path, file: Path) -> None:
    assert folder in file.parents
    TEXTS(content(file))


@of_each_integration
def test_icons_exist_and_say_something_new(folder: Path) -> None:
    ICONS(content(folder / "icons.json"))
