"""Login schemes that other packages bring, for devices whose login is a computation: never part of a recipe."""

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Protocol

from ha_device_backup_core.toolkit import DeviceClient

GROUP = "ha_device_backup_logins"
"""The entry point group: the name of the scheme to what logs in."""


class LoginScheme(Protocol):
    """Logs in to one device."""

    async def __call__(self, client: DeviceClient, *, username: str, password: str, token: str) -> Mapping[str, str]:
        """Return the headers that go with each request from then on; raises AuthenticationError."""


def named_schemes() -> frozenset[str]:
    """Return the names of the schemes that are installed."""
    return frozenset(point.name for point in entry_points(group=GROUP))


def named_scheme(name: str) -> LoginScheme | None:
    """Return what logs in, None where no package brings it; imports that package."""
    point = next(iter(entry_points(group=GROUP, name=name)), None)
    if point is None:
        return None
    scheme: LoginScheme = point.load()
    return scheme
