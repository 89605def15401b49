"""Announcements that no device makes, and devices that say good-bye."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import pytest
from homeassistant.config_entries import SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from zeroconf import ServiceStateChange, Zeroconf

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.discovery import zeroconf
from custom_components.ha_device_backups.discovery.zeroconf import ZeroconfWatch
from custom_components.ha_device_backups.manager import async_get_manager

from ..household import settle

TYPE = "_acme._tcp.local."
NAME = f"lamp.{TYPE}"
NOBODY = cast(Zeroconf, SimpleNamespace())


@pytest.fixture
async def watch(hass: HomeAssistant) -> ZeroconfWatch:
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    return ZeroconfWatch(hass, await async_get_manager(hass))


async def test_a_name_that_is_none_is_passed_over(hass: HomeAssistant, watch: ZeroconfWatch) -> None:
    with patch.object(ZeroconfWatch, "_async_resolve") as resolve:
        watch._async_heard(NOBODY, TYPE, "not of this type", ServiceStateChange.Added)
        assert resolve.call_count == 0
        watch._async_heard(NOBODY, TYPE, NAME, ServiceStateChange.Added)
        assert resolve.call_count == 1
    await settle(hass)


async def test_an_announcement_without_an_address_is_no_device(hass: HomeAssistant, watch: ZeroconfWatch) -> None:
    asked: list[int] = []

    class Service:
        def load_from_cache(self, _: object) -> bool:
            return False

        async def async_request(self, _: object, milliseconds: int) -> None:
            asked.append(milliseconds)

    with (
        patch.object(zeroconf, "info_from_service", return_value=None),
        patch.object(zeroconf, "async_create_flow") as create,
    ):
        await watch._async_resolve(NOBODY, cast(Any, Service()))
    assert (asked, create.call_count) == ([zeroconf.LOOKUP_MILLISECONDS], 0)


async def test_a_device_that_says_good_bye_is_offered_no_more_unless_somebody_adds_it(
    hass: HomeAssistant, watch: ZeroconfWatch
) -> None:
    flows = [
        {"flow_id": "offered", "handler": DOMAIN, "context": {"source": SOURCE_ZEROCONF}},
        {"flow_id": "opened", "handler": DOMAIN, "context": {"dismiss_protected": True}},
        {"flow_id": "of-another", "handler": "wled", "context": {}},
    ]
    manager = hass.config_entries.flow
    with (
        patch.object(manager, "async_progress_by_init_data_type", return_value=flows) as found,
        patch.object(manager, "async_abort") as abort,
    ):
        watch._async_heard(NOBODY, TYPE, NAME, ServiceStateChange.Removed)
    assert [call.args for call in abort.call_args_list] == [("offered",)]
    is_meant = found.call_args.args[1]
    assert (is_meant(SimpleNamespace(name=NAME)), is_meant(SimpleNamespace(name="other"))) == (True, False)
