"""An agent for the integration: a real one, over loopback, with a device beside it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import agent_data
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.pairing_window import PairingWindow
from ha_device_backup_agent.server import Listening, serving
from ha_device_backup_core.agent.client import PairedAgent
from ha_device_backup_core.agent.pair import find_agent, pair
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from tests.agent.agents import HOST
from tests.core.example_device import ExampleDevice
from tests.core.example_handler import ExampleHandler

PASSWORD = "sesame-canary"
EXAMPLE = RegisteredHandler(handler=ExampleHandler, distribution="example", version="1.0")


@dataclass
class RunningAgent:
    """An agent that comes and goes, always at the same port."""

    folder: Path
    registry: HandlerRegistry
    port: int = 0
    listening: Listening | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> Self:
        """Start it."""
        self.listening = await self._stack.enter_async_context(
            serving(self.folder, host=HOST, port=self.port, name="Cellar", registry=self.registry)
        )
        self.port = self.listening.port
        return self

    async def stop(self) -> None:
        """Stop it."""
        await self._stack.aclose()
        self._stack, self.listening = AsyncExitStack(), None

    def code(self) -> str:
        """Return a code as the command shows it."""
        return PairingWindow(DataFolder(self.folder)).open()

    async def paired(self) -> PairedAgent:
        """Pair with it."""
        return await pair(await find_agent(HOST, self.port), self.code(), client="Home Assistant")


def agent_entry(paired: PairedAgent) -> MockConfigEntry:
    """Return the entry of an agent as the flow makes it."""
    return MockConfigEntry(domain=DOMAIN, title=paired.name, unique_id=paired.agent_id, data=agent_data(paired))


def device_entry(paired: PairedAgent, device: ExampleDevice) -> MockConfigEntry:
    """Return the entry of a device that the agent asks."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        unique_id="example:a1",
        data={
            "kind": "example",
            "unique_id": "a1",
            "config": {"host": HOST, "port": device.port, "password": PASSWORD},
            "agent": paired.agent_id,
        },
    )


async def set_up(hass: HomeAssistant, *entries: ConfigEntry) -> None:
    """Set the integration up with these entries."""
    for entry in entries:
        if isinstance(entry, MockConfigEntry):
            entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await asyncio.sleep(0)
    await hass.async_block_till_done(wait_background_tasks=True)
