"""Whatever nobody expected ends what was begun on the page in words, and the next attempt succeeds."""

from collections.abc import Awaitable, Callable

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.panel.uploads import PATH
from ha_device_backup_core.files import batch
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.manager import DeviceBackupManager, backups, comparisons
from ha_device_backup_core.store import BackupStore
from tests.handlers_http.recipe.test_loader import GOOD
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, settle, store
from .client import OpenPage, open_page
from .recipes import recipe_file

DEVICE = str(KEY)
TOLD = "Something unexpected happened; the log tells more."


type Work = Callable[[], Awaitable[str | None]]
"""Do it, and return the error that is told."""


class Breaking:
    """Lets something fail as nobody expects, until it is mended."""

    def __init__(self) -> None:
        self.patch = pytest.MonkeyPatch()

    def __call__(self, owner: object, name: str) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        self.patch.setattr(owner, name, fail)


async def check(breaks: tuple[object, str], work: Work) -> None:
    breaking = Breaking()
    breaking(*breaks)
    try:
        error = await work()
    finally:
        breaking.patch.undo()
    assert error is not None
    assert TOLD in error
    assert "ZeroDivision" not in error
    assert await work() is None


@pytest.fixture
async def page(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, manager: DeviceBackupManager) -> OpenPage:
    return await open_page(hass, hass_ws_client)


@pytest.fixture
async def watching(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, manager: DeviceBackupManager) -> OpenPage:
    return await open_page(hass, hass_ws_client)


@pytest.mark.parametrize("breaks", [(runner, "restore"), (BackupStore, "read")])
async def test_a_restore(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    page: OpenPage,
    watching: OpenPage,
    breaks: tuple[object, str],
) -> None:
    (backup,) = await manager.stored.list_backups(KEY)
    change(wled)
    await watching.follow("restore/subscribe", device_key=DEVICE)

    async def work() -> str | None:
        await page.result("restore/start", device_key=DEVICE, backup_id=backup.id)
        state = await watching.until(lambda state: state["end"] and not state["running"])
        error: str | None = state["end"]["error"]
        return error

    await check(breaks, work)
    await settle(hass)


async def test_a_backup(hass: HomeAssistant, manager: DeviceBackupManager, page: OpenPage, wled: SimulatedWled) -> None:
    async def work() -> str | None:
        answer = await page.ask("back_up", device_key=DEVICE)
        return None if answer["success"] else str(answer["error"]["message"])

    await check((BackupStore, "backups"), work)
    change(wled)
    await check((backups, "_log_success"), work)


@pytest.mark.parametrize(
    ("command", "owner", "name"),
    [("restore/plan", runner, "plan"), ("backups/compare", comparisons, "changes")],
)
async def test_an_answer(manager: DeviceBackupManager, page: OpenPage, command: str, owner: object, name: str) -> None:
    (backup,) = await manager.stored.list_backups(KEY)
    which = {"older" if command == "backups/compare" else "backup_id": backup.id}

    async def work() -> str | None:
        answer = await page.ask(command, device_key=DEVICE, **which)
        return None if answer["success"] else str(answer["error"]["message"])

    await check((owner, name), work)


async def test_a_question_after_a_power_cut(page: OpenPage, watching: OpenPage) -> None:
    await watching.follow("power_cut/subscribe")

    async def work() -> str | None:
        await page.result("power_cut/ask")
        await watching.until(lambda state: state["asking"])
        (row,) = (await watching.until(lambda state: not state["asking"]))["rows"]
        assert row["step"] == "was_asked"
        reason: str | None = row["reason"]
        return reason

    await check((DeviceBackupManager, "review"), work)


@pytest.mark.parametrize("breaks", [(runner, "restore"), (DeviceBackupManager, "restore")])
async def test_what_is_put_back_after_a_power_cut(
    hass: HomeAssistant, wled: SimulatedWled, page: OpenPage, watching: OpenPage, breaks: tuple[object, str]
) -> None:
    await watching.follow("power_cut/subscribe")
    wled.device.wipe()
    await page.result("power_cut/ask")
    await watching.until(lambda state: state["asking"])
    await watching.until(lambda state: not state["asking"])

    async def work() -> str | None:
        await page.result("power_cut/restore", device_keys=[DEVICE])
        await watching.until(lambda state: state["restoring"])
        (row,) = (await watching.until(lambda state: not state["restoring"]))["rows"]
        assert row["step"] == ("restored" if row["error"] is None else "restore_failed")
        error: str | None = row["error"]
        return error

    await check(breaks, work)
    await settle(hass)


@pytest.mark.parametrize("name", ["paths_below", "identify", "put_together"])
async def test_an_import(
    manager: DeviceBackupManager,
    page: OpenPage,
    watching: OpenPage,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    name: str,
) -> None:
    (stored,) = await manager.stored.list_backups(KEY)
    download, client = (store(hass) / stored.path).read_bytes(), await hass_client()
    await watching.follow("import/subscribe")

    async def work() -> str | None:
        begun = (await page.result("import/begin"))["batch"]
        url = f"/api/{DOMAIN}/import/{begun}"
        assert (await client.post(url, headers={PATH: "lamp.zip"}, data=download)).status == 200
        await page.result("import/run", batch=begun)
        (file,) = (await watching.until(lambda state: state["files"] and not state["running"]))["files"]
        assert (file["outcome"] == "refused") is (file["error"] is not None)
        error: str | None = file["error"]
        return error

    await check((batch, name), work)


async def test_a_recipe(page: OpenPage, watching: OpenPage) -> None:
    await watching.follow("packages/subscribe")

    async def work() -> str | None:
        await page.result("recipes/keep", **recipe_file("pump.toml", GOOD))
        last = (await watching.until(lambda state: state["last"] and not state["now"]))["last"]
        error: str | None = last["error"]
        return error

    await check((DeviceBackupManager, "keep_kind_file"), work)
