"""Home Assistant by itself installs what our manifest asks for, and what that of an author's integration does."""

import asyncio
import json

import pytest

from scripts.live.flows import FLOWS, add_device, walk
from scripts.live.folder import INTEGRATION
from scripts.live.waiting import until

from .authors import REPOSITORY, Simulator
from .fresh_python import FreshPython
from .home import Home, wait_for_kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")

REQUIREMENTS = json.loads((INTEGRATION / "manifest.json").read_text())["requirements"]
SECONDS = 60


async def test_core_and_handlers_are_installed_and_work(bare_home: Home, fresh_python: FreshPython) -> None:
    wanted = {requirement.partition("==")[0] for requirement in REQUIREMENTS}
    assert not wanted & fresh_python.original.keys()

    installed = await asyncio.to_thread(fresh_python.versions)
    assert wanted <= installed.keys()
    assert installed == {**installed, **fresh_python.original}
    (controller,) = bare_home.controllers
    assert ("wled", controller.name) in {(backup.kind, backup.title) for backup in bare_home.newest()}


async def kinds_offered(home: Home) -> set[str]:
    """Return what the menu of the config flow offers."""
    form = await home.client.post(FLOWS, {"handler": "ha_device_backups"})
    return {option.removeprefix("handler_") for option in form["menu_options"]}


async def test_handler_of_another_integration_is_there_without_a_restart(
    bare_home: Home, fresh_python: FreshPython
) -> None:
    client = bare_home.client
    assert "acme" not in await kinds_offered(bare_home)

    form = await client.post(FLOWS, {"handler": REPOSITORY.name})
    assert (form["type"], form["data_schema"]) == ("form", [])
    entry = (await walk(client, FLOWS, form, {}))["result"]

    assert (entry["domain"], entry["state"]) == (REPOSITORY.name, "loaded")
    await until(lambda: kinds_offered(bare_home), lambda kinds: "acme" in kinds, seconds=SECONDS)
    simulator = Simulator()
    async with simulator.running() as device:
        answers = {"host": "127.0.0.1", "port": device.port, "password": simulator.password}
        await add_device(client, answers, choice="acme")
        await wait_for_kinds(bare_home, "acme")
    assert ("acme", "Cellar") in {(backup.kind, backup.title) for backup in bare_home.newest()}
    installed = await asyncio.to_thread(fresh_python.versions)
    assert installed == {**installed, **fresh_python.original, "ha-device-backup-acme": "0.1.0"}

    again = await client.post(FLOWS, {"handler": REPOSITORY.name})
    assert (again["type"], again["reason"]) == ("abort", "single_instance_allowed")
