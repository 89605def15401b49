"""As the app of Home Assistant: its options, and the message by which Home Assistant finds this agent."""

import asyncio
import json
import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .clients import Clients
from .data_folder import DataFolder, DataFolderError
from .server import LargeData, Listening
from .translation import _

_LOGGER = logging.getLogger(__name__)
SERVICE = "ha_device_backups"
SUPERVISOR = "http://supervisor"
HOME_ASSISTANT = "supervisor.json"
_CLIENT = "Home Assistant, by the Supervisor"
_NAME = "Device Backup Agent"
_LARGE = LargeData(large=Path("/share/device-backups"))
"""Not the folder of the app, which is deleted with it, and before it is restored."""
_LIMIT = aiohttp.ClientTimeout(total=10)
_PAUSES = (1.0, 5.0, 15.0, 60.0)
"""Seconds until the Supervisor is asked again; the last of them goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOptions:
    """What a person set in the app's configuration."""

    name: str = _NAME
    is_verbose: bool = False
    large: LargeData = _LARGE


def read_options(path: Path) -> AppOptions:
    """Return the options that the Supervisor wrote; raises DataFolderError for what it did not."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DataFolderError(_("{path} cannot be read.", path=str(path))) from error
    if not isinstance(document, dict):
        raise DataFolderError(_("{path} is not what the Supervisor writes.", path=str(path)))
    entered = {key: value.strip() for key, value in document.items() if isinstance(value, str)}
    return AppOptions(
        name=entered.get("name") or _NAME,
        is_verbose=entered.get("log_level") == "debug",
        large=LargeData(
            large=Path(entered["large_data"]) if entered.get("large_data") else _LARGE.large,
            repository=entered.get("repository") or None,
        ),
    )


def token_of_home_assistant(folder: DataFolder) -> str:
    """Return the token that goes into the message: the same one as long as it is good, so that nothing changes."""
    clients = Clients(folder)
    known = (folder.read(HOME_ASSISTANT) or {}).get("token")
    if isinstance(known, str) and clients.of_token(known) is not None:
        return known
    for client in clients.all():
        # Of a start that was killed before the token was written down.
        if client.name == _CLIENT:
            clients.revoke(client.client_id)
    token = clients.add(_CLIENT)
    folder.write(HOME_ASSISTANT, {"token": token})
    return token


def message_of(listening: Listening, token: str) -> dict[str, Any]:
    """Return what Home Assistant needs to reach this agent and to trust it."""
    return {
        "service": SERVICE,
        "config": {
            "host": socket.gethostname(),
            "port": listening.port,
            "token": token,
            "certificate_sha256": listening.identity.sha256,
            "agent_id": listening.identity.agent_id,
        },
    }


async def announce_to_supervisor(message: Mapping[str, Any], *, supervisor: str, token: str) -> None:
    """Have the Supervisor hand the message to Home Assistant, however long it takes until it can."""
    attempt = 0
    async with aiohttp.ClientSession(timeout=_LIMIT, headers={"Authorization": f"Bearer {token}"}) as session:
        while (reason := await _refused(session, f"{supervisor}/discovery", message)) is not None:
            if attempt == 0:
                _LOGGER.warning("The Supervisor does not take the message for Home Assistant yet: %s", reason)
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
            attempt += 1
    _LOGGER.info("Home Assistant is told where this agent is")


async def _refused(session: aiohttp.ClientSession, url: str, message: Mapping[str, Any]) -> str | None:
    """Return why it was not taken, without anything of the message; None where it was."""
    try:
        async with session.post(url, json=message, allow_redirects=False) as response:
            return None if response.status == 200 else f"status {response.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return type(error).__name__
