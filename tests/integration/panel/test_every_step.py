"""Trouble, and restarts of Home Assistant, at every step of a restore from the page: each is told, and goes on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, override

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    CLIENT_ID,
    MockConfigEntry,
    MockUser,
    async_test_home_assistant,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN, STORE_FOLDER
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.contract import Progress
from ha_device_backup_core.testing import SimulatedServer
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_wled import WledHandler
from tests.every_step import DEFAULTS, Came, Home, Subject, rehearse
from tests.handlers_tasmota import test_every_step as of_tasmota
from tests.handlers_tasmota.conftest import SHORT as SHORT_OF_TASMOTA
from tests.handlers_wled import test_every_step as of_wled
from tests.handlers_wled.conftest import SHORT as SHORT_OF_WLED
from tests.simulators.tasmota import SimulatedTasmota
from tests.simulators.wled import SimulatedWled
from tests.troubles import Trouble, troubles_of

from ..household import settle
from .client import OpenPage, open_page

pytestmark = [
    pytest.mark.once,
    # Some fifty starts of Home Assistant in one test, on whatever else the machine does.
    pytest.mark.timeout(900),
    pytest.mark.parametrize("expected_lingering_timers", [True]),
]

RESTART: Final = RestartPace(poll=0.25, overdue=1.0, limit=10.0)
OPTIONS: Final = {"schedule": DEFAULTS.schedule.to_dict(), "retry": DEFAULTS.retry.to_dict()}
"""Nothing happens by itself."""
TROUBLES = [
    (SimulatedWled, of_wled.Controller, troubles_of(SimulatedWled(), but=of_wled.NO_TROUBLE)),
    (SimulatedTasmota, of_tasmota.Switch, troubles_of(SimulatedTasmota(), amounts=of_tasmota.AMOUNTS)),
]
DEVICES = [(SimulatedWled, of_wled.Controller), (SimulatedTasmota, of_tasmota.Switch)]

type Devices = Callable[[], AbstractAsyncContextManager[SimulatedServer]]
type MakeSubject = Callable[[SimulatedServer], Subject]


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait not so long for what does not come back."""
    monkeypatch.setattr(WledHandler, "timing", replace(SHORT_OF_WLED, restart=RESTART))
    monkeypatch.setattr(TasmotaHandler, "timing", replace(SHORT_OF_TASMOTA, restart=RESTART))


@dataclass(kw_only=True)
class PageHome(Home):
    """A Home Assistant, in which everything is done on the page."""

    hass: HomeAssistant
    open: Callable[[], Awaitable[OpenPage]]

    @override
    async def restore(self, backup_id: str, progress: Progress | None = None) -> bool:
        """Plan and restore on the page; only the phases of the rehearsal are those of the manager itself."""
        if progress is not None:
            return await super().restore(backup_id, progress)
        async with self._page() as page, self._page() as watching:
            return await self._restore(page, watching, backup_id)

    async def _restore(self, page: OpenPage, watching: OpenPage, backup_id: str) -> bool:
        which = {"device_key": str(self.key), "backup_id": backup_id}
        await watching.follow("restore/subscribe", device_key=str(self.key))
        planned = await page.ask("restore/plan", **which)
        if not planned["success"]:
            assert planned["error"]["code"] != "unknown_error"
            assert planned["error"]["message"]
            return False
        await page.result("restore/start", **which)
        end = (await watching.until(lambda state: state["end"] and not state["running"]))["end"]
        await self._look_at_page()
        return end["error"] is None

    async def _look_at_page(self) -> None:
        """The page says as much of what did not end as the manager knows."""
        await settle(self.hass)
        async with self._page() as page:
            (shown,) = (await page.follow("devices/subscribe"))["devices"]
        unfinished = self.manager.status(self.key).unfinished_restore
        told = shown["unfinished_restore"]
        assert (told and told["backup_id"]) == (unfinished and unfinished.backup_id)
        assert shown["busy"] is None

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[OpenPage]:
        page = await self.open()
        yield page
        await page.close()

    @override
    async def end(self) -> None:
        await self.hass.async_stop(force=True)


async def in_care(hass: HomeAssistant, subject: Subject, ws: WebSocketGenerator, token: str | None) -> PageHome:
    """Set the device up in that Home Assistant."""
    kind = subject.handler.spec.kind
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Shelf",
        unique_id=f"{kind}:{subject.unique_id}",
        data={"kind": kind, "unique_id": subject.unique_id, "config": dict(subject.config)},
        options=OPTIONS,
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    manager = await async_get_manager(hass)
    home = PageHome(subject=subject, manager=manager, hass=hass, open=lambda: open_page(hass, ws, token))
    manager.subscribe(home._listen)
    return home


@pytest.mark.parametrize(("devices", "subject", "troubles"), TROUBLES, ids=["wled", "tasmota"])
async def test_trouble_at_every_step(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    devices: Devices,
    subject: MakeSubject,
    troubles: Sequence[Trouble],
) -> None:
    """A power cut comes at every step; of all else, which the manager is tried with at every one, each at another."""
    async with devices() as server:
        device = subject(server)
        home = await in_care(hass, device, hass_ws_client, None)

        @asynccontextmanager
        async def same(_: Subject, __: Path) -> AsyncIterator[Home]:
            yield home

        rehearsal = await rehearse(device, Path(hass.config.path(*STORE_FOLDER)), same)
        for number, trouble in enumerate(troubles):
            if trouble.everywhere:
                assert await rehearsal.survive(trouble) == set(Came)
            else:
                await rehearsal.survive_once(trouble, number)
        await settle(hass)


@pytest.mark.parametrize(("devices", "subject"), DEVICES, ids=["wled", "tasmota"])
async def test_a_restart_of_home_assistant_at_every_step(
    tmp_path: Path, hass_ws_client: WebSocketGenerator, devices: Devices, subject: MakeSubject
) -> None:
    """It is killed at one step and stopped at the next; the manager is tried with both at every one."""

    @asynccontextmanager
    async def another(of: Subject, root: Path) -> AsyncIterator[Home]:
        async with async_test_home_assistant(config_dir=str(root.parents[1])) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            user = MockUser(is_owner=True).add_to_hass(hass)
            refresh = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
            home = await in_care(hass, of, hass_ws_client, hass.auth.async_create_access_token(refresh))
            yield home
            await settle(hass)
            await hass.async_stop(force=True)

    async with devices() as server:
        root = tmp_path.joinpath("homes", *STORE_FOLDER)
        root.parent.mkdir(parents=True)
        rehearsal = await rehearse(subject(server), root, another)
        assert await rehearsal.survive_ends(True, False) == set(Came) - {Came.RESTORED}
