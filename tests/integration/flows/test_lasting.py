"""Work that goes on without its page."""

import asyncio

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import lasting
from custom_components.ha_device_backups.flows.lasting import LastingWork, Notification


class Work:
    """Ends, and is told, when it is let."""

    def __init__(self) -> None:
        self.ends, self.may_be_told = asyncio.Event(), asyncio.Event()
        self.may_be_told.set()

    async def run(self) -> int:
        await self.ends.wait()
        return 7

    async def tell(self, result: int) -> Notification:
        await self.may_be_told.wait()
        return "Done", f"It gave {result}."


def notification(hass: HomeAssistant) -> str | None:
    shown = async_get_persistent_notifications(hass).get(f"{DOMAIN}_work")
    return None if shown is None else f"{shown['title']}: {shown['message']}"


async def test_what_is_done_soon_needs_no_page(hass: HomeAssistant) -> None:
    work = Work()
    work.ends.set()
    lasts = LastingWork(hass, "work", work.run(), work.tell)
    assert await lasts.async_has_ended_soon()
    assert (lasts.read(), notification(hass)) == (7, None)


async def test_a_closed_page_ends_nothing_and_the_end_is_told(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    work = Work()
    lasts = LastingWork(hass, "work", work.run(), work.tell)
    assert not await lasts.async_has_ended_soon()
    lasts.page.cancel()
    work.ends.set()
    await hass.async_block_till_done()
    assert (lasts.is_done, notification(hass)) == (True, "Done: It gave 7.")
    assert (lasts.read(), notification(hass)) == (7, None)


async def test_an_end_that_nobody_expected_is_told(
    hass: HomeAssistant, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)

    work = Work()

    async def fail() -> int:
        await work.ends.wait()
        raise ZeroDivisionError

    lasts = LastingWork(hass, "work", fail(), work.tell)
    assert not await lasts.async_has_ended_soon()
    work.ends.set()
    await hass.async_block_till_done()
    told = notification(hass)
    assert told is not None
    assert told.endswith("Something unexpected happened; the log tells more.")
    with pytest.raises(ZeroDivisionError):
        lasts.read()


async def test_what_was_read_is_not_told_later(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    work = Work()
    work.may_be_told.clear()
    lasts = LastingWork(hass, "work", work.run(), work.tell)
    assert not await lasts.async_has_ended_soon()
    work.ends.set()
    await lasts.page
    assert lasts.read() == 7
    work.may_be_told.set()
    await hass.async_block_till_done()
    assert notification(hass) is None
