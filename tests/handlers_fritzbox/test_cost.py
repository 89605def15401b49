"""Whatever a file holds, checking and comparing it costs no more than its size is worth."""

from ha_device_backup_fritzbox import FritzBoxHandler
from tests.hostile_files import CostTests


class TestCost(CostTests):
    handler = FritzBoxHandler
    bundles = ({"fritzbox.export": None, "phonebook-0.xml": None, "deflections.xml": None, "device.json": None},)
