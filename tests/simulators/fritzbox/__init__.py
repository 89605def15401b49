"""Simulated FRITZ!Box routers that behave as public captures of real ones show, faults included."""

from .box import Box
from .canaries import CANARIES, EXPORT_PASSWORD, PASSWORD
from .export_file import Configuration, NetworkDevice
from .faults import Faults
from .login import User
from .phone import Contact, Deflection, Phonebook
from .server import SimulatedFritzBox

__all__ = [
    "CANARIES",
    "EXPORT_PASSWORD",
    "PASSWORD",
    "Box",
    "Configuration",
    "Contact",
    "Deflection",
    "Faults",
    "NetworkDevice",
    "Phonebook",
    "SimulatedFritzBox",
    "User",
]
