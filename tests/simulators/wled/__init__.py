"""Simulated WLED controllers that behave as the firmware does, faults included."""

from .canaries import CANARIES, PIN
from .device import Device
from .faults import Faults
from .firmware import VERSIONS, Chip, Firmware
from .server import SimulatedWled

__all__ = ["CANARIES", "PIN", "VERSIONS", "Chip", "Device", "Faults", "Firmware", "SimulatedWled"]
