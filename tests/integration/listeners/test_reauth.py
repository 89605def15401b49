"""Backups that a person has to help on: a new certificate, a refused setting, and what becomes of the question."""

import json

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.listeners.reauth import can_be_entered
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.errors import (
    AuthenticationError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
)
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Outcome
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_wled import WledHandler
from tests.simulators.fritzbox import CANARIES, EXPORT_PASSWORD, PASSWORD, SimulatedFritzBox
from tests.simulators.fritzbox.login import User

from ..flow_steps import check, opened, placeholders_of, submit, suggested, until_done
from ..household import settle
from ..router import ROUTER, add, router_entry

pytestmark = pytest.mark.usefixtures("refused_handshakes")

PROBLEM = "binary_sensor.router_backup_problem"
LONG_PASSWORD = f"{EXPORT_PASSWORD}-and-longer"


@pytest.fixture
async def entry(hass: HomeAssistant, fritz: SimulatedFritzBox) -> MockConfigEntry:
    """Return the entry of a router that asks nobody, backed up once."""
    fritz.box.confirmation.enabled = False
    return await add(hass, router_entry(fritz))


@pytest.fixture
async def manager(hass: HomeAssistant, entry: MockConfigEntry) -> DeviceBackupManager:
    return await async_get_manager(hass)


def asked(hass: HomeAssistant) -> list[ConfigFlowResult]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [flow for flow in flows if flow["context"]["source"] == SOURCE_REAUTH]


async def fail(hass: HomeAssistant, manager: DeviceBackupManager) -> ConfigFlowResult:
    """Let a backup fail, and open what it asks of a person."""
    assert (await manager.back_up(ROUTER)).outcome is Outcome.FAILED
    await settle(hass)
    (flow,) = asked(hass)
    result = await hass.config_entries.flow.async_configure(flow["flow_id"])
    check(result)
    return result


async def answer(hass: HomeAssistant, result: ConfigFlowResult, **user_input: object) -> ConfigFlowResult:
    result = await until_done(hass, await submit(hass, result, **user_input))
    await settle(hass)
    return result


def reason(hass: HomeAssistant) -> tuple[str, str | None]:
    state = hass.states.get(PROBLEM)
    assert state is not None
    return state.state, state.attributes["reason"]


async def test_a_new_certificate_is_shown_and_never_silently_accepted(
    hass: HomeAssistant, fritz: SimulatedFritzBox, entry: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    known, new = fritz.sha256, fritz.change_certificate()

    page = await fail(hass, manager)
    assert page["step_id"] == "certificate_changed"
    assert known[:8].upper() in placeholders_of(page)["known"]
    assert new[:8].upper() in placeholders_of(page)["fingerprint"]
    assert reason(hass) == ("on", "certificate_not_trusted")
    assert entry.data["config"]["certificate"] == known

    result = await answer(hass, page)
    assert result["reason"] == "reauth_successful"
    assert entry.data["config"]["certificate"] == new
    assert reason(hass) == ("off", None)
    assert asked(hass) == []


async def test_a_box_that_is_off_or_refuses_the_login_meanwhile(
    hass: HomeAssistant, fritz: SimulatedFritzBox, entry: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    new = fritz.change_certificate()
    page = await fail(hass, manager)

    await fritz.stop()
    off = await answer(hass, page)
    assert (off["step_id"], off["errors"]) == ("reauth_setting", {"base": "cannot_connect"})
    assert suggested(off) == {}
    await fritz.start()
    fritz.box.users["homeassistant"] = User(password="changed")
    refused = await answer(hass, off)
    assert (refused["step_id"], refused["errors"]) == ("reauth_confirm", {"password": "authentication"})

    fritz.box.users["homeassistant"] = User(password=PASSWORD)
    fritz.box.clock.ahead += 600
    result = await answer(hass, refused, password=PASSWORD)
    assert result["reason"] == "reauth_successful"
    assert entry.data["config"]["certificate"] == new
    assert entry.data["config"]["export_password"] == EXPORT_PASSWORD


async def test_a_refused_setting_is_asked_alone(
    hass: HomeAssistant, fritz: SimulatedFritzBox, entry: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    fritz.box.shortest_export_password = len(LONG_PASSWORD)

    page = await fail(hass, manager)
    assert (page["step_id"], suggested(page)) == ("reauth_setting", {"option_1": None})
    assert "longer export password" in placeholders_of(page)["problem"]
    assert not [canary for canary in CANARIES if canary in json.dumps([dict(placeholders_of(page)), suggested(page)])]
    assert reason(hass) == ("on", "config")
    await opened(hass, page)

    result = await answer(hass, page, option_1=LONG_PASSWORD)
    assert result["reason"] == "reauth_successful"
    assert entry.data["config"] == {**entry.data["config"], "export_password": LONG_PASSWORD, "password": PASSWORD}
    assert reason(hass) == ("off", None)
    assert asked(hass) == []


async def test_a_setting_that_is_still_wrong_is_asked_again(
    hass: HomeAssistant, fritz: SimulatedFritzBox, entry: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    fritz.box.shortest_export_password = len(LONG_PASSWORD)
    page = await fail(hass, manager)

    refused = await answer(hass, page, option_1="Schlüssel")
    assert refused["errors"] == {"option_1": "config"}
    assert suggested(refused) == {"option_1": None}
    assert (await answer(hass, refused, option_1="short"))["reason"] == "reauth_successful"
    (again,) = asked(hass)
    page = await hass.config_entries.flow.async_configure(again["flow_id"])
    await answer(hass, page, option_1=LONG_PASSWORD)

    assert (reason(hass), asked(hass)) == (("off", None), [])


async def test_the_next_success_takes_the_question_back(
    hass: HomeAssistant, fritz: SimulatedFritzBox, manager: DeviceBackupManager
) -> None:
    fritz.box.shortest_export_password = len(LONG_PASSWORD)
    await fail(hass, manager)

    fritz.box.shortest_export_password = 0
    assert (await manager.back_up(ROUTER)).error is None
    await settle(hass)

    assert asked(hass) == []


@pytest.mark.parametrize(
    ("handler", "error", "expected"),
    [
        (FritzBoxHandler, CertificateNotTrustedError("0" * 64), True),
        (WledHandler, CertificateNotTrustedError("0" * 64), False),
        (FritzBoxHandler, ConfigError("export_password"), True),
        (FritzBoxHandler, ConfigError("unheard_of"), False),
        (FritzBoxHandler, AuthenticationError(), False),
    ],
)
def test_only_what_can_be_entered_is_asked(
    handler: type[FritzBoxHandler | WledHandler], error: DeviceBackupError, expected: bool
) -> None:
    assert can_be_entered(handler.spec, error) is expected
