"""Node-RED: user name and password are exchanged for a token, the flows come as JSON."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ha_device_backup_core import AuthenticationError, CannotConnectError, DeviceInfo
from ha_device_backup_core.jobs import runner

from .conftest import REGISTERED, failure, fetch
from .node_red import PASSWORD, USERNAME, NodeRed

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOW = {"id": "f1", "type": "tab", "label": "Garden", "disabled": False, "info": ""}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NodeRed]:
    async with NodeRed(tmp_path_factory.mktemp("node-red")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def node_red(started: NodeRed) -> NodeRed:
    """Return the one of all tests, with one flow."""
    await started.deploy([FLOW])
    return started


def config(server: NodeRed, **changes: object) -> dict[str, Any]:
    """Return what the README says to enter."""
    return {
        "url": f"{server.origin}/flows",
        "login": "form",
        "login_url": "/auth/token",
        "login_fields": [
            "client_id=node-red-admin",
            "grant_type=password",
            "scope=*",
            "username={username}",
            "password={password}",
        ],
        "login_answer": "/access_token",
        "username": USERNAME,
        "password": PASSWORD,
        "files": ["settings.json = /settings", "?diagnostics.json = /diagnostics"],
        "content": "json",
        "ignore": ["/time", "/nodejs", "/os", "/runtime/uptime"],
    } | changes


async def test_flows_are_backed_up_and_changes_are_noticed(node_red: NodeRed) -> None:
    first = await fetch(config(node_red, files=[]))
    assert first.artifact.filename == "flows.json"
    assert json.loads(first.artifact.content) == [FLOW]
    assert (first.artifact.missing, first.doubts) == ((), ())
    again = await fetch(config(node_red, files=[]))
    await node_red.deploy([FLOW | {"label": "Pump"}])
    changed = await fetch(config(node_red, files=[]))
    assert first.fingerprint == again.fingerprint != changed.fingerprint


async def test_a_backup_can_be_put_back(node_red: NodeRed) -> None:
    first = await fetch(config(node_red, files=[]))
    await node_red.deploy([])
    assert (await fetch(config(node_red, files=[]))).fingerprint != first.fingerprint
    await node_red.deploy(json.loads(first.artifact.content))
    assert (await fetch(config(node_red, files=[]))).fingerprint == first.fingerprint


async def test_several_addresses_are_one_backup(node_red: NodeRed) -> None:
    first = await fetch(config(node_red))
    files = first.artifact.files()
    assert sorted(files) == ["diagnostics.json", "flows", "settings.json"]
    assert json.loads(files["settings.json"])["version"] == "5.0.7"
    assert (await fetch(config(node_red))).fingerprint == first.fingerprint


async def test_who_answers(node_red: NodeRed) -> None:
    device = await runner.probe(REGISTERED, config(node_red, files=[]))
    assert device == DeviceInfo(
        unique_id=None, name=f"127.0.0.1:{node_red.port}", configuration_url=f"http://127.0.0.1:{node_red.port}"
    )
    assert [note.code for note in device.notices] == ["received", "not_encrypted"]


async def test_a_wrong_password_and_then_the_right_one(node_red: NodeRed) -> None:
    assert isinstance(await failure(config(node_red, password="canary-wrong")), AuthenticationError)
    await fetch(config(node_red))


async def test_no_login_where_one_is_needed(node_red: NodeRed) -> None:
    error = await failure({"url": f"{node_red.origin}/flows"})
    assert isinstance(error, AuthenticationError)
    assert "none is set" in error.detail_in()
    await fetch(config(node_red))


async def test_it_is_stopped_and_started(node_red: NodeRed) -> None:
    await node_red.stop()
    assert isinstance(await failure(config(node_red)), CannotConnectError)
    await node_red.start()
    assert json.loads((await fetch(config(node_red, files=[]))).artifact.content)[0]["label"] == "Garden"
