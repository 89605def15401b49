"""Walks through flows, and checks at each step that the translations find all they fill in."""

import asyncio
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState, ConfigFlowContext, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section

from custom_components.ha_device_backups.const import DOMAIN

from .languages import LANGUAGES, texts_in

INSTALL = {
    "install_package": "Not listed: install a package",
    "agent": "Add an agent, for other networks",
}
"""What the menu of the kinds always ends with."""
FIRST = {**INSTALL, "page": "I already have backups"}
"""What it ends with until the integration is set up."""
HANDLERS = {
    "handler_fritzbox": "FRITZ!Box",
    "handler_tasmota": "Tasmota",
    "handler_wled": "WLED",
    "handler_http": "Anything with a URL",
}
"""The kinds of the packages of this repository in that menu."""


async def start(
    hass: HomeAssistant, source: str = SOURCE_USER, data: object = None, **context: object
) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context=cast("ConfigFlowContext", {"source": source, **context}), data=data
    )
    return await opened(hass, result)


async def choose(hass: HomeAssistant, kind: str) -> ConfigFlowResult:
    menu = await start(hass)
    assert menu["type"] is FlowResultType.MENU
    return await pick(hass, menu, f"handler_{kind}")


async def pick(hass: HomeAssistant, menu: ConfigFlowResult, option: str) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": option})
    return await opened(hass, result)


async def submit(hass: HomeAssistant, result: ConfigFlowResult, **user_input: object) -> ConfigFlowResult:
    return await opened(hass, await hass.config_entries.flow.async_configure(result["flow_id"], user_input))


async def until_done(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Wait as the browser does until a page without progress is shown."""
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await asyncio.sleep(0.01)
        await hass.async_block_till_done()
        result = await opened(hass, await hass.config_entries.flow.async_configure(result["flow_id"]))
    return result


async def opened(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Check a page, and that opening it again, as the browser does for a card, shows it again."""
    check(result)
    if result["type"] is FlowResultType.FORM:
        again = await hass.config_entries.flow.async_configure(result["flow_id"])
        assert (again["type"], again["step_id"], again["errors"] or {}) == (FlowResultType.FORM, result["step_id"], {})
    return result


def state_of(entry: ConfigEntry) -> ConfigEntryState:
    return entry.state


def waits_for_handler(entry: ConfigEntry) -> bool:
    """Return whether an entry was set up without the handler of its device."""
    return entry.state is ConfigEntryState.LOADED and not entry.runtime_data.has_handler


def has_handler(entry: ConfigEntry) -> bool:
    """Return whether an entry was set up with the handler of its device."""
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.has_handler


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what the manager does by itself; the time limit of the test is the limit."""
    while not happened():
        await asyncio.sleep(0.01)


def placeholders_of(result: ConfigFlowResult) -> Mapping[str, str]:
    """Return what the texts of a page fill in."""
    return result["description_placeholders"] or {}


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the fields of a form hold when it opens."""
    assert result["data_schema"] is not None
    return {str(marker): (marker.description or {}).get("suggested_value") for marker in result["data_schema"].schema}


def check(result: Mapping[str, Any], category: str = "config") -> None:
    """Assert that every text of the page exists in every language and has its values."""
    check_texts(result, category)


def check_texts(result: Mapping[str, Any], *path: str) -> None:
    """Assert the same of a page whose texts are below that path."""
    given = set(result.get("description_placeholders") or {})
    for language in LANGUAGES:
        texts = texts_in(language)
        for part in path:
            texts = texts[part]
        for text in _texts(result, texts):
            assert _placeholders(text) <= given, f"{result.get('step_id')}: {text!r} needs more than {given}"


def _texts(result: Mapping[str, Any], texts: Mapping[str, Any]) -> Iterator[str]:
    if result["type"] is FlowResultType.ABORT:
        yield texts["abort"][result["reason"]]
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        yield texts["progress"][result["progress_action"]]
    if result["type"] in (FlowResultType.FORM, FlowResultType.MENU):
        step = texts["step"][result["step_id"]]
        yield from (step[key] for key in ("title", "description") if key in step)
    if result["type"] is FlowResultType.MENU and not isinstance(result["menu_options"], Mapping):
        yield from (step["menu_options"][option] for option in result["menu_options"])
    if result["type"] is FlowResultType.FORM:
        yield from (texts["error"][error] for error in (result["errors"] or {}).values())
        yield from _field_texts(result["data_schema"].schema if result["data_schema"] else {}, step)


def _field_texts(schema: Mapping[Any, Any], step: Mapping[str, Any]) -> Iterator[str]:
    for marker, value in schema.items():
        if isinstance(value, section):
            yield step["sections"][str(marker)]["name"]
            yield from _field_texts(value.schema.schema, step["sections"][str(marker)])
        else:
            yield step["data"][str(marker)]
            yield step["data_description"][str(marker)]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
