"""What tests do with a FRITZ!Box in a Home Assistant, as the user interface would."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from scripts.live.boxes import RunningBox
from scripts.live.client import DOMAIN
from scripts.live.flows import FLOWS, add_device
from scripts.live.waiting import until

from .home import Home

SECONDS = 60


async def add_box(home: Home, box: RunningBox) -> dict[str, Any]:
    """Add the box, trust its certificate, wait for its first backup, and return its entry."""
    result = await add_device(home.client, box.answers, choice=box.kind, certificate=box.certificate)
    await until(lambda: stored(home, box), bool, seconds=SECONDS)
    entry: dict[str, Any] = result["result"]
    return entry


async def stored(home: Home, box: RunningBox) -> list[dict[str, Any]]:
    """Return the backups of the box, newest first, as the product lists them once its first entry is set up."""
    if DOMAIN not in await home.client.command("get_services"):
        return []
    answer = await home.client.act(f"{DOMAIN}.list_backups")
    return next((d["backups"] for d in answer["devices"] if d["device_key"] == f"{box.kind}:{box.unique_id}"), [])


def content(home: Home, backup: dict[str, Any]) -> dict[str, bytes]:
    """Return the files in a stored backup."""
    with zipfile.ZipFile(io.BytesIO((home.store / backup["path"]).read_bytes())) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def exports(files: dict[str, bytes]) -> list[bytes]:
    """Return the exports of settings among the files of a backup."""
    return [content for name, content in files.items() if name.endswith(".export")]


async def entity_of(home: Home, entry: dict[str, Any], key: str) -> str:
    """Return the id of one of our entities of an entry; the key is that of its translation."""
    entities = await home.client.command("config/entity_registry/list")
    return next(
        str(entity["entity_id"])
        for entity in entities
        if entity["config_entry_id"] == entry["entry_id"] and entity["translation_key"] == key
    )


async def state_of(home: Home, entity_id: str) -> dict[str, Any]:
    """Return the state of an entity."""
    return next(state for state in await home.client.states() if state["entity_id"] == entity_id)


async def asked(box: RunningBox) -> bool:
    """Return whether the box waits for somebody to press a button."""
    return box.fritz.box.confirmation.state == "waitingforauth"


async def press_back_up(home: Home, entry: dict[str, Any]) -> None:
    """Press "Back up now" and wait for the end; raises HomeAssistantError."""
    button = await entity_of(home, entry, "back_up")
    await home.client.act("button.press", {"entity_id": button}, response=False)


async def flows_of(home: Home, source: str) -> list[dict[str, Any]]:
    """Return our flows of a source that wait for a person."""
    flows = await home.client.command("config_entries/flow/progress")
    return [flow for flow in flows if flow["handler"] == DOMAIN and flow["context"]["source"] == source]


async def answered(home: Home, flow_id: str, answers: Mapping[str, object]) -> dict[str, Any]:
    """Answer the present step of a flow, and return the next one that waits for a person."""
    result: dict[str, Any] = await home.client.post(f"{FLOWS}/{flow_id}", answers)

    async def present() -> dict[str, Any]:
        asked: dict[str, Any] = await home.client.get(f"{FLOWS}/{flow_id}") if result["type"] == "progress" else result
        return asked

    return await until(present, lambda step: not step["type"].startswith("progress"), seconds=SECONDS)
