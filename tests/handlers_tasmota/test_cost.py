"""Whatever a file holds, checking and comparing it costs no more than its size is worth."""

from ha_device_backup_tasmota import TasmotaHandler
from tests.hostile_files import CostTests


class TestCost(CostTests):
    handler = TasmotaHandler
    bundles = ({"config.dmp": None, ".device-backup/status.json": None, "files/a": None},)
