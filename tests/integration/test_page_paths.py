"""Links to the views of the page, as `frontend/test/route.test.ts` reads them."""

import json
import re
from pathlib import Path
from typing import Any

from custom_components.ha_device_backups.page_paths import (
    RECOMMENDED,
    compare_path,
    device_path,
    overview_path,
    packages_path,
    restore_path,
    snapshots_path,
)
from ha_device_backup_core.records import DeviceKey

ODD = DeviceKey("wled", "a0b1/c?d #%")
LAMP, OLD = DeviceKey("wled", "a0b1"), DeviceKey("wled", "old one")
ROOT = Path(__file__).parents[2]
ROUTE = ROOT / "frontend/src/route.ts"
TEXTS = ROOT / "custom_components/ha_device_backups/translations/en.json"
WITHOUT_LINK = {
    **dict.fromkeys(("agent_away", "agent_failed", "agent_not_trusted", "agent_version"), "it is about no device"),
    "second_copy_incomplete": "its folder is chosen in the settings",
    "store_large": "each device in it is a link",
}


def test_every_view_has_its_path() -> None:
    assert [
        overview_path(),
        packages_path(),
        snapshots_path(),
        device_path(ODD),
        restore_path(LAMP),
        restore_path(LAMP, "2026/1"),
        restore_path(LAMP, "1", LAMP),
        restore_path(LAMP, "1", OLD),
        restore_path(LAMP, None, OLD),
        compare_path(LAMP, "1", "2"),
    ] == [
        "/device-backups",
        "/device-backups/packages",
        "/device-backups/snapshots",
        "/device-backups/device/wled%3Aa0b1%2Fc%3Fd%20%23%25",
        "/device-backups/device/wled%3Aa0b1/restore",
        "/device-backups/device/wled%3Aa0b1/restore/2026%2F1",
        "/device-backups/device/wled%3Aa0b1/restore/1",
        "/device-backups/device/wled%3Aa0b1/restore/1/wled%3Aold%20one",
        "/device-backups/device/wled%3Aa0b1/restore/recommended/wled%3Aold%20one",
        "/device-backups/device/wled%3Aa0b1/compare/1/2",
    ]


def test_the_page_knows_the_same_word_for_the_recommended_backup() -> None:
    assert re.search(f'const RECOMMENDED = "{RECOMMENDED}";', ROUTE.read_text(encoding="utf-8"))


def test_every_repair_leads_to_the_page() -> None:
    issues = json.loads(TEXTS.read_text(encoding="utf-8"))["issues"]
    first = {name: _first_text(issue) for name, issue in issues.items()}
    assert {name for name, text in first.items() if "{page}" not in text} == set(WITHOUT_LINK)


def _first_text(issue: dict[str, Any]) -> str:
    """Return what is read first: the description, else that of the first step."""
    return str(
        issue["description"]
        if "description" in issue
        else next(iter(issue["fix_flow"]["step"].values()))["description"]
    )
