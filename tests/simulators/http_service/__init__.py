"""A simulated service with a configuration to download, behind every kind of login."""

from .logins import KEY, PASSWORD, USERNAME, LoginStyle
from .server import CANARIES, SETTINGS_PATH, SimulatedService

__all__ = [
    "CANARIES",
    "KEY",
    "PASSWORD",
    "SETTINGS_PATH",
    "USERNAME",
    "LoginStyle",
    "SimulatedService",
]
