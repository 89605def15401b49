"""Who has a device without a handler is told which package brings it."""

import pytest
from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages.overview import async_explained
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.package_problems import Problem, ProblemKind
from tests.integration.flow_steps import start


@pytest.fixture
async def manager(hass: HomeAssistant) -> DeviceBackupManager:
    await start(hass)
    return await async_get_manager(hass)


def problem(handler_kind: str, kind: ProblemKind = ProblemKind.NOT_INSTALLED) -> Problem:
    return Problem(kind=kind, distribution="", version="", message="As core says it.", handler_kind=handler_kind)


@pytest.mark.parametrize(
    ("kind", "package"), [("tasmota", "Tasmota"), ("pihole", "Anything with a URL"), ("linux_ssh", "Devices with SSH")]
)
async def test_package_of_the_catalogue(
    hass: HomeAssistant, manager: DeviceBackupManager, kind: str, package: str
) -> None:
    explained = await async_explained(hass, manager, problem(kind))

    assert explained.message == f"Install “{package}” in the settings of Device Backups, under “Packages”."


@pytest.mark.parametrize("told", [problem("fridge"), problem("tasmota", ProblemKind.IMPORT_FAILED)])
async def test_what_nobody_knows_more_of(hass: HomeAssistant, manager: DeviceBackupManager, told: Problem) -> None:
    assert await async_explained(hass, manager, told) == told
