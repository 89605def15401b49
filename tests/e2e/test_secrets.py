"""Secrets of people and devices stay where they belong."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.live.client import DOMAIN
from scripts.live.controllers import Controller, Model, simulated_controllers
from scripts.live.flows import add_device
from scripts.live.process import HomeAssistantError
from scripts.live.stored import META, read_tree
from tests.simulators.wled import CANARIES, PIN, Chip

from .home import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRONG_PIN = "4096"
LOCKED = Model("Locked shelf", "0.15.5", Chip.ESP32, pin=PIN)


def found(secrets: Iterable[str], text: str) -> list[str]:
    """Return the secrets that stand in a text as words of their own."""
    return [secret for secret in secrets if re.search(rf"(?<![0-9A-Za-z.]){re.escape(secret)}(?![0-9A-Za-z])", text)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def locked(home: Home) -> AsyncIterator[Controller]:
    """Add a controller with a PIN, after a try with a wrong one, while every event is listened to."""
    await home.client.command("subscribe_events")
    async with simulated_controllers([LOCKED]) as (controller,):
        with pytest.raises(HomeAssistantError) as refused:
            await add_device(home.client, {**controller.answers, "option_1": WRONG_PIN})
        assert "option_1" in str(refused.value)
        controller.forget_attempts()
        await add_device(home.client, controller.answers)
        controller.change()
        await home.client.act("ha_device_backups.back_up", {"all": True})
        await home.client.act("ha_device_backups.verify")
        yield controller


async def entry_ids(home: Home) -> list[str]:
    """Return the ids of our config entries."""
    return [entry["entry_id"] for entry in await home.client.command("config_entries/get", domain=DOMAIN)]


async def test_search_finds_secrets(home: Home, locked: Controller) -> None:
    entries = (home.folder / ".storage/core.config_entries").read_text()

    assert found([PIN], entries) == [PIN]
    assert found(CANARIES, " ".join(CANARIES)) == list(CANARIES)


async def test_logs_hold_none(home: Home, locked: Controller) -> None:
    log = home.process.log.read_text() + (home.folder / "home-assistant.log").read_text()

    assert "locked_shelf" in log
    assert found([*CANARIES, WRONG_PIN], log) == []


async def test_states_and_answers_hold_none(home: Home, locked: Controller) -> None:
    await home.client.states()
    await home.client.act("ha_device_backups.list_backups")
    await home.client.command("config_entries/get", domain=DOMAIN)
    await home.client.command("repairs/list_issues")
    said = "\n".join(home.client.received)

    assert locked.mac in said
    assert found(CANARIES, said) == []


async def test_diagnostics_hold_none(home: Home, locked: Controller) -> None:
    pages = [await home.client.text(f"/api/diagnostics/config_entry/{entry}") for entry in await entry_ids(home)]

    assert len(pages) > 1
    assert any(locked.mac in page for page in pages)
    assert [found(CANARIES, page) for page in pages] == [[]] * len(pages)


async def test_records_beside_the_backups_hold_none(home: Home, locked: Controller) -> None:
    records = {
        name: content.decode()
        for name, content in read_tree(home.store).items()
        if name.endswith((META, ".json")) and Path(name).name != "cfg.json"
    }

    assert any(locked.mac in text for text in records.values())
    assert {name: found(CANARIES, text) for name, text in records.items() if found(CANARIES, text)} == {}


async def test_reconfigure_form_does_not_send_the_pin(home: Home, locked: Controller) -> None:
    entries = await home.client.command("config_entries/get", domain=DOMAIN)
    entry = next(entry["entry_id"] for entry in entries if entry["title"] == locked.name)
    form = await home.client.post(
        "/api/config/config_entries/flow", {"handler": DOMAIN, "entry_id": entry, "show_advanced_options": False}
    )

    assert form["type"] == "form"
    assert form["step_id"] == "reconfigure"
    assert found(CANARIES, json.dumps(form)) == []
