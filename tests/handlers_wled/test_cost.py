"""Whatever a file holds, checking and comparing it costs no more than its size is worth."""

from ha_device_backup_wled import WledHandler
from tests.hostile_files import CostTests


class TestCost(CostTests):
    handler = WledHandler
    bundles = (
        {"cfg.json": b"{}", "presets.json": None},
        {"cfg.json": None, "presets.json": None, "config.json": None, "a": None},
    )
