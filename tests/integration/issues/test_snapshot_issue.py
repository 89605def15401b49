"""What waits for a Home Assistant backup longer than usual is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from homeassistant.components.backup.manager import BackupManager as HomeAssistantBackups
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.coordinator import Shown, async_coordinator
from custom_components.ha_device_backups.issues.snapshot_issue import NOT_IN_SNAPSHOT
from custom_components.ha_device_backups.snapshots.newest import UNTOLD, too_long_outside
from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.snapshot_records import SnapshotRecord
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, days_later, later, make_snapshot, settle

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def told(hass: HomeAssistant) -> dict[str, str] | None:
    issue = ir.async_get(hass).async_get_issue(DOMAIN, NOT_IN_SNAPSHOT)
    return None if issue is None else dict(issue.translation_placeholders or {})


async def look(hass: HomeAssistant, days: float) -> None:
    """Let the hourly look happen that many days from now."""
    with days_later(days):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
        await settle(hass)


async def test_it_is_told_once_it_lasts_and_until_the_next_home_assistant_backup(
    hass: HomeAssistant, home_assistant_backups: HomeAssistantBackups, manager: BackupManager, wled: SimulatedWled
) -> None:
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    change(wled)
    await manager.back_up(KEY)
    await settle(hass)
    await later(hass)
    assert told(hass) is None, "what is new waits for the next one, as always"
    await look(hass, 5)
    assert told(hass) is None
    await look(hass, 9)
    issue = told(hass)
    assert issue is not None
    assert issue["devices"] == "- Shelf"
    assert issue["date"] == dt_util.as_local(manager.snapshots[0].at).strftime("%Y-%m-%d %H:%M")
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    await look(hass, 9)
    assert told(hass) is None


def snapshots(*days_ago: float, newest_id: str = "1") -> list[SnapshotRecord]:
    at = [NOW - timedelta(days=days) for days in days_ago]
    return [SnapshotRecord(id=newest_id if not index else str(index), at=one) for index, one in enumerate(at)]


@pytest.mark.parametrize(
    ("records", "stored_days_ago", "is_told"),
    [
        ([], 30, False),
        (snapshots(8, 9), 7, True),
        (snapshots(8, 9), 1.5, False),
        (snapshots(8, 9), 30, False),
        (snapshots(8, 38), 7, False),
        (snapshots(40, 70), 32, True),
        (snapshots(12), 7, False),
        (snapshots(12), 9, True),
        (snapshots(8, 9, newest_id=UNTOLD), 7, False),
        (snapshots(3, 3.01), 2.5, True),
    ],
)
async def test_as_long_as_between_two_is_no_news(
    hass: HomeAssistant,
    manager: BackupManager,
    records: list[SnapshotRecord],
    stored_days_ago: float,
    is_told: bool,
) -> None:
    shown: Any = async_coordinator(hass).of(KEY)
    status: Any = shown.status
    backup = replace(status.recommended, taken_at=NOW - timedelta(days=stored_days_ago))
    device = Shown(status=replace(status, recommended=backup), state=shown.state, is_problem=False)
    nothing = Shown(status=replace(status, recommended=None, newest=None), state=shown.state, is_problem=False)
    assert too_long_outside(records, [device, nothing], NOW) == (["Shelf"] if is_told else [])
