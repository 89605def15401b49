"""Talks to a Home Assistant as its user interface does: REST for flows, the websocket for the rest."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Self

import aiohttp

from .process import HomeAssistantError
from .waiting import until

USER = "demo"
PASSWORD = "device-backups"  # noqa: S105 - of a Home Assistant on 127.0.0.1 that lives as long as the program
COUNTRY = "US"
READY_SECONDS = 120
BACKUP_SECONDS = 300
DOMAIN = "ha_device_backups"

type Json = Any
"""What Home Assistant sends or takes; its documentation tells the shape."""


class HomeAssistantClient:
    """A logged-in person."""

    def __init__(self, url: str, session: aiohttp.ClientSession, tokens: Mapping[str, Any]) -> None:
        """Keep the login; `open` makes one ready to use."""
        self.url = url
        self.tokens = tokens
        self.received: list[str] = []
        """Every message of the websocket, as it came."""
        self._session = session
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._websocket: aiohttp.ClientWebSocketResponse | None = None

    async def get(self, path: str) -> Json:
        """Return the JSON at a path of the REST interface."""
        return await self._request("GET", path)

    async def post(self, path: str, data: Mapping[str, Any] | None = None) -> Json:
        """Send JSON to a path of the REST interface and return the JSON it answers."""
        return await self._request("POST", path, json=data or {})

    async def delete(self, path: str) -> Json:
        """Delete what is at a path of the REST interface and return the JSON it answers."""
        return await self._request("DELETE", path)

    async def text(self, path: str) -> str:
        """Return what is at a path, as text."""
        async with self._session.get(f"{self.url}{path}", headers=self._headers) as response:
            return await response.text()

    async def command(self, kind: str, **fields: Json) -> Json:
        """Send a command over the websocket and return its result."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            await self._connected.send_json({"id": number, "type": kind, **fields})
            message = await answer
        finally:
            del self._answers[number]
        if not message["success"]:
            error = message["error"]
            msg = f"Home Assistant refused {kind}: {error['code']}: {error['message']}"
            raise HomeAssistantError(msg)
        return message["result"]

    async def act(self, action: str, data: Mapping[str, Any] | None = None, *, response: bool = True) -> Json:
        """Perform an action (`domain.name`) and return its response."""
        domain, _, name = action.partition(".")
        result = await self.command(
            "call_service", domain=domain, service=name, service_data=data or {}, return_response=response
        )
        return result["response"] if response else None

    async def states(self) -> list[dict[str, Any]]:
        """Return the states of all entities."""
        states: list[dict[str, Any]] = await self.command("get_states")
        return states

    async def wait_until_running(self) -> None:
        """Return once Home Assistant has started everything; only then it makes backups."""
        await until(lambda: self.get("/api/config"), lambda config: config["state"] == "RUNNING", seconds=READY_SECONDS)

    async def make_backup(self, name: str, *, password: str | None = None) -> str:
        """Let Home Assistant's backup manager make a backup of everything and return its id."""
        job = await self.command(
            "backup/generate",
            agent_ids=["backup.local"],
            include_homeassistant=True,
            include_database=True,
            name=name,
            password=password,
        )
        info = await until(
            lambda: self.command("backup/info"), lambda info: info["state"] == "idle", seconds=BACKUP_SECONDS
        )
        backup_id = str(job["backup_job_id"])
        if backup_id not in {backup["backup_id"] for backup in info["backups"]}:
            reason = (info.get("last_action_event") or {}).get("reason")
            msg = f"Home Assistant's backup {name!r} failed: {reason}."
            raise HomeAssistantError(msg)
        return backup_id

    async def __aenter__(self) -> Self:
        """Connect the websocket."""
        websocket = await self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0)
        await websocket.receive_json()
        await websocket.send_json({"type": "auth", "access_token": self.tokens["access_token"]})
        answer = await websocket.receive_json()
        if answer["type"] != "auth_ok":
            msg = f"Home Assistant refused the login: {answer}"
            raise HomeAssistantError(msg)
        self._websocket = websocket
        self._reader = asyncio.create_task(self._read(websocket))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the websocket."""
        await self._connected.close()
        if self._reader is not None:
            await self._reader

    async def _read(self, websocket: aiohttp.ClientWebSocketResponse) -> None:
        """Read all the time, as browsers do: Home Assistant closes connections that do not answer its pings."""
        async for received in websocket:
            self.received.append(received.data)
            message = json.loads(received.data)
            answer = self._answers.get(message.get("id"))
            if answer is not None and message["type"] == "result" and not answer.done():
                answer.set_result(message)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(HomeAssistantError("Home Assistant closed the websocket."))

    @property
    def _connected(self) -> aiohttp.ClientWebSocketResponse:
        if self._websocket is None:
            msg = "The websocket is not connected."
            raise HomeAssistantError(msg)
        return self._websocket

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def _request(self, method: str, path: str, **options: Json) -> Json:
        async with self._session.request(method, f"{self.url}{path}", headers=self._headers, **options) as response:
            text = await response.text()
            if response.status >= HTTPStatus.BAD_REQUEST:
                msg = f"Home Assistant answered {response.status} to {method} {path}: {text}"
                raise HomeAssistantError(msg)
            return json.loads(text)


async def _post(session: aiohttp.ClientSession, url: str, **options: Json) -> Json:
    async with session.post(url, **options) as response:
        if response.status >= HTTPStatus.BAD_REQUEST:
            msg = f"Home Assistant answered {response.status} to {url}: {await response.text()}"
            raise HomeAssistantError(msg)
        return await response.json()


async def _tokens(session: aiohttp.ClientSession, url: str, code: str) -> dict[str, Any]:
    form = {"client_id": f"{url}/", "grant_type": "authorization_code", "code": code}
    tokens: dict[str, Any] = await _post(session, f"{url}/auth/token", data=form)
    return tokens


async def _onboard(session: aiohttp.ClientSession, url: str, language: str) -> dict[str, Any]:
    client = {"client_id": f"{url}/"}
    person = {"name": "Demo", "username": USER, "password": PASSWORD, "language": language}
    made = await _post(session, f"{url}/api/onboarding/users", json={**client, **person})
    tokens = await _tokens(session, url, made["auth_code"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    await _post(session, f"{url}/api/onboarding/analytics", json={}, headers=headers)
    redirect = {**client, "redirect_uri": f"{url}/"}
    await _post(session, f"{url}/api/onboarding/integration", json=redirect, headers=headers)
    return tokens


async def _log_in(session: aiohttp.ClientSession, url: str, username: str) -> dict[str, Any]:
    client = {"client_id": f"{url}/"}
    start = {**client, "handler": ["homeassistant", None], "redirect_uri": f"{url}/"}
    flow = await _post(session, f"{url}/auth/login_flow", json=start)
    login = {**client, "username": username, "password": PASSWORD}
    result = await _post(session, f"{url}/auth/login_flow/{flow['flow_id']}", json=login)
    return await _tokens(session, url, result["result"])


async def add_person(client: HomeAssistantClient, username: str) -> None:
    """Let somebody else live there, who is no administrator."""
    made = await client.command("config/auth/create", name=username, group_ids=["system-users"])
    login = {"user_id": made["user"]["id"], "username": username, "password": PASSWORD}
    await client.command("config/auth_provider/homeassistant/create", **login)


@contextlib.asynccontextmanager
async def logged_in(
    url: str, *, fresh: bool, language: str = "en", username: str = USER
) -> AsyncIterator[HomeAssistantClient]:
    """Log in, in a fresh Home Assistant after making the first user, and wait until everything has started."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session:
        tokens = await (_onboard(session, url, language) if fresh else _log_in(session, url, username))
        async with HomeAssistantClient(url, session, tokens) as client:
            await client.wait_until_running()
            if fresh:
                # Otherwise Home Assistant asks for it in a repair.
                await client.command("config/core/update", country=COUNTRY)
            yield client
