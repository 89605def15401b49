"""Simulated Tasmota devices that behave as the firmware does, faults included."""

from .canaries import CANARIES, PASSWORD
from .device import Device
from .faults import Faults
from .firmware import VERSIONS, Chip, Firmware
from .server import SimulatedTasmota
from .settings import Place, Settings, TextIndex

__all__ = [
    "CANARIES",
    "PASSWORD",
    "VERSIONS",
    "Chip",
    "Device",
    "Faults",
    "Firmware",
    "Place",
    "Settings",
    "SimulatedTasmota",
    "TextIndex",
]
