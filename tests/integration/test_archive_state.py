"""Waiting for the end of a backup that Home Assistant makes, also where nobody tells of it."""

import asyncio
from datetime import timedelta

import pytest
from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups import archive_state


async def test_what_waits_goes_on_at_the_end(hass: HomeAssistant) -> None:
    await archive_state.async_wait_for_end_of_archiving(hass)
    archive_state.async_archiving_begun(hass)
    archive_state.async_archiving_begun(hass)
    assert archive_state.async_is_archiving(hass)
    waiting = asyncio.create_task(archive_state.async_wait_for_end_of_archiving(hass))
    await asyncio.sleep(0)
    assert not waiting.done()
    archive_state.async_archiving_ended(hass)
    archive_state.async_archiving_ended(hass)
    await waiting
    assert not archive_state.async_is_archiving(hass)


async def test_an_end_that_was_lost_holds_nobody_back_for_ever(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_state, "LONGEST_SNAPSHOT", timedelta(seconds=0.01))
    archive_state.async_archiving_begun(hass)
    await asyncio.gather(*(archive_state.async_wait_for_end_of_archiving(hass) for _ in range(3)))
    assert not archive_state.async_is_archiving(hass)


async def test_one_that_lasts_is_counted_from_its_begin_not_from_who_waits(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_state, "LONGEST_SNAPSHOT", timedelta())
    archive_state.async_archiving_begun(hass)
    assert not archive_state.async_is_archiving(hass)
    monkeypatch.undo()
    archive_state.async_archiving_begun(hass)
    waiting = asyncio.create_task(archive_state.async_wait_for_end_of_archiving(hass))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    archive_state.async_archiving_ended(hass)
    await waiting


async def test_the_next_one_is_waited_for_too(hass: HomeAssistant) -> None:
    archive_state.async_archiving_begun(hass)
    waiting = asyncio.create_task(archive_state.async_wait_for_end_of_archiving(hass))
    await asyncio.sleep(0)
    archive_state.async_archiving_ended(hass)
    archive_state.async_archiving_begun(hass)
    for _ in range(5):
        await asyncio.sleep(0)
    assert archive_state.async_is_archiving(hass)
    assert not waiting.done()
    archive_state.async_archiving_ended(hass)
    await waiting
