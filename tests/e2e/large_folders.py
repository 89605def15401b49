"""A large folder of a device, added as a person does: the agent by its code, then the folder by its forms."""

from collections.abc import Callable
from typing import Any

from ha_device_backup_agent.trees.spec import SPEC
from ha_device_backup_core import in_language
from scripts.live.client import DOMAIN, HomeAssistantClient
from scripts.live.flows import FLOWS, filled, finished
from tests.agent.agents import HOST, AgentProcess
from tests.real_servers.ssh import USERNAME
from tests.real_servers.trees import RsyncDevice

SECONDS = 120
FOLDER_IN_FORM = "option_1"


async def through(
    client: HomeAssistantClient, choice: str, answer: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Go through the forms behind a choice, and return the entry that is made."""
    result: dict[str, Any] = await client.post(FLOWS, {"handler": DOMAIN, "show_advanced_options": False})
    result = await client.post(f"{FLOWS}/{result['flow_id']}", {"next_step_id": choice})
    while result["type"] != "create_entry":
        path = f"{FLOWS}/{result['flow_id']}"
        result = await finished(client, path, result)
        if result["type"] == "form":
            assert not result["errors"], result
            result = await client.post(path, filled(result["data_schema"], answer(result)))
    return result


async def pair(client: HomeAssistantClient, agent: AgentProcess) -> str:
    """Return the id of the agent, which is paired by the code that it shows."""

    def answer(form: dict[str, Any]) -> dict[str, Any]:
        if form["step_id"] == "agent":
            return {"host": HOST, "port": agent.port}
        shown = dict(
            line.split(":", 1) for line in agent.command("pair").communicate(timeout=SECONDS)[0].splitlines()[:2]
        )
        assert shown["Fingerprint"].split() == form["description_placeholders"]["fingerprint"].replace("`", "").split()
        return {"code": shown["Code"].strip()}

    await through(client, "agent", answer)
    _, told = agent.command("status").communicate(timeout=SECONDS)[0].split("Id:", 1)
    return told.split()[0]


async def add_folder(client: HomeAssistantClient, device: RsyncDevice, agent_id: str) -> None:
    """Trust the host key that is shown, and give the device the line with the key."""

    def answer(form: dict[str, Any]) -> dict[str, Any]:
        match form["step_id"]:
            case "agent_kinds":
                return {"kind": in_language(SPEC.name)}
            case "host_key":
                assert device.fingerprint() in str(form["description_placeholders"])
            case "key_pair":
                # The push of a restore needs the right to write.
                device.authorize(form["description_placeholders"]["line"].replace(" -ro", ""))
                device.give_away()
        entered = {"host": HOST, "port": device.port, "username": USERNAME}
        return {**entered, FOLDER_IN_FORM: str(device.tree)}

    await through(client, f"agent_{agent_id}", answer)
