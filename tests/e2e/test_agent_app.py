"""The app of the agent and Home Assistant's own integration of the Supervisor, with the Supervisor simulated."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web

from scripts.live.client import DOMAIN
from scripts.live.flows import FLOWS, shown_fingerprint
from scripts.live.waiting import until
from tests.agent.app_files import APP, document
from tests.agent.fake_supervisor import TOKEN, FakeSupervisor
from tests.agent.test_supervisor import app_process

from .forked import PreparedRuntime
from .home import Home, fresh_home

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 120
CONFIG = document(APP / "config.yaml")
SLUG = f"5c53de3b_{CONFIG['slug']}"
UUID = uuid4().hex
_NO = (
    *("advanced", "build", "icon", "logo", "update_available", "documentation", "auth_api", "docker_api"),
    *("full_access", "homeassistant_api", "host_network", "host_pid", "ingress", "signed", "hassio_api", "detached"),
    *("host_ipc", "host_uts", "host_dbus", "changelog", "stdin", "gpio", "usb", "uart", "kernel_modules"),
    *("devicetree", "udev", "video", "audio", "auto_update", "watchdog", "system_managed"),
)
_NOTHING = (
    *("long_description", "schema", "network", "network_description", "webui", "ingress_entry", "ingress_url"),
    *("ingress_port", "ingress_panel", "audio_input", "audio_output", "system_managed_config_entry"),
)
INFO: Mapping[str, object] = {
    **dict.fromkeys(_NO, False),
    **dict.fromkeys(_NOTHING),
    **{key: [] for key in ("dns", "machine", "privileged", "services", "devices")},
    **{key: CONFIG[key] for key in ("name", "description", "url", "stage", "arch", "discovery", "homeassistant")},
    "slug": SLUG,
    "repository": "5c53de3b",
    "version": CONFIG["version"],
    "version_latest": CONFIG["version"],
    "available": True,
    "installed": True,
    "protected": True,
    "state": "started",
    "apparmor": "profile",
    "rating": 6,
    "hassio_role": "default",
    "hostname": SLUG.replace("_", "-"),
    "boot": "auto",
    "boot_config": "auto",
    "options": {},
    "translations": {},
    "startup": "application",
    "ip_address": "172.30.33.9",
}
"""What the Supervisor tells of an app: all that its client wants to read."""


@dataclass
class SupervisorOfHome(FakeSupervisor):
    """Answers an app and Home Assistant; what it has no answer for is not known there either."""

    async def listed(self, request: web.Request) -> web.Response:
        return self._says({"discovery": [self._message()] if self.messages else [], "services": {}})

    async def one(self, request: web.Request) -> web.Response:
        return self._says(self._message())

    async def info(self, request: web.Request) -> web.Response:
        return self._says(dict(INFO))

    async def nothing(self, request: web.Request) -> web.Response:
        return self._says({})

    async def mounts(self, request: web.Request) -> web.Response:
        return self._says({"default_backup_mount": None, "mounts": []})

    def _message(self) -> dict[str, Any]:
        return {"addon": SLUG, "uuid": UUID, **self.messages[-1]}

    def _says(self, data: object) -> web.Response:
        return web.json_response({"result": "ok", "data": data})


@asynccontextmanager
async def supervisor_here() -> AsyncIterator[SupervisorOfHome]:
    supervisor = SupervisorOfHome()
    application = web.Application()
    application.add_routes(
        [
            web.post("/discovery", supervisor.discovery),
            web.get("/discovery", supervisor.listed),
            web.get("/discovery/{uuid}", supervisor.one),
            web.get("/addons/{slug}/info", supervisor.info),
            web.get("/store/addons/{slug}", supervisor.info),
            web.get("/mounts", supervisor.mounts),
            web.get("/supervisor/ping", supervisor.nothing),
            web.post("/{path:.*}", supervisor.nothing),
        ]
    )
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        supervisor.port = runner.addresses[0][1]
        yield supervisor
    finally:
        await runner.cleanup()


async def flows(home: Home) -> list[dict[str, Any]]:
    listed = await home.client.command("config_entries/flow/progress")
    return [flow for flow in listed if flow["handler"] == DOMAIN and flow["context"]["source"] == "hassio"]


async def entries(home: Home) -> list[tuple[str, str, str]]:
    listed = await home.client.command("config_entries/get", domain=DOMAIN)
    return [(one["title"], one["source"], one["state"]) for one in listed if one["source"] == "hassio"]


async def test_the_app_is_found_confirmed_and_works(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "options.json").write_text(json.dumps({"name": "Cellar"}))
    async with supervisor_here() as supervisor:
        with app_process(data, supervisor):
            async with asyncio.timeout(SECONDS):
                await supervisor.told.wait()
            environment = {**os.environ, "SUPERVISOR": f"127.0.0.1:{supervisor.port}", "SUPERVISOR_TOKEN": TOKEN}
            runtime = PreparedRuntime(environment=environment)
            async with fresh_home(tmp_path / "home", [], runtime=runtime) as home:
                (flow,) = await until(lambda: flows(home), bool, seconds=SECONDS)
                assert flow["step_id"] == "hassio_confirm"
                form = await home.client.get(f"{FLOWS}/{flow['flow_id']}")
                told = supervisor.messages[-1]["config"]
                assert shown_fingerprint(form) == told["certificate_sha256"]
                done = await home.client.post(f"{FLOWS}/{flow['flow_id']}", {})
                assert done["type"] == "create_entry", done
                name = str(CONFIG["name"])
                await until(lambda: entries(home), [(name, "hassio", "loaded")].__eq__, seconds=SECONDS)
                with contextlib.suppress(json.JSONDecodeError):  # it answers nothing
                    await home.client.post(f"/api/hassio_push/discovery/{UUID}")
                assert await flows(home) == []
                assert told["token"] not in home.process.log.read_text()
