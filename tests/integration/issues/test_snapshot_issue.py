"""What waits for a Home Assistant backup longer than usual is told."""

from datetime import timedelta

from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.issues.snapshot_issue import NOT_IN_SNAPSHOT
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, days_later, later, make_snapshot, settle


def issue_placeholders(hass: HomeAssistant) -> dict[str, str] | None:
    issue = ir.async_get(hass).async_get_issue(DOMAIN, NOT_IN_SNAPSHOT)
    return None if issue is None else dict(issue.translation_placeholders or {})


async def look(hass: HomeAssistant, days: float) -> None:
    """Let the hourly look happen that many days from now."""
    with days_later(days):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
        await settle(hass)


async def test_it_is_told_once_it_lasts_and_until_the_next_home_assistant_backup(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    change(wled)
    await manager.back_up(KEY)
    await settle(hass)
    await later(hass)
    assert issue_placeholders(hass) is None, "what is new waits for the next one, as always"
    await look(hass, 5)
    assert issue_placeholders(hass) is None
    await look(hass, 9)
    issue = issue_placeholders(hass)
    assert issue is not None
    assert issue["devices"] == "- Shelf"
    assert issue["date"] == dt_util.as_local(manager.snapshots[0].at).strftime("%Y-%m-%d %H:%M")
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    await look(hass, 9)
    assert issue_placeholders(hass) is None
