"""How long to wait for what, in seconds, and the ports that a box has by itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FritzboxTiming:
    """A box is quick, but builds an export for a while; the address of the export is good for less than 30 seconds."""

    connect: float = 10.0
    answer: float = 30.0
    making_export: float = 90.0
    download: float = 60.0
    list_download: float = 30.0
    resolve: float = 3.0
    lockout: float = 3.0
    confirm: float = 180.0
    """For which a person is waited for."""
    poll: float = 2.0
    waits: tuple[float, ...] = (2.0, 10.0)
    """Before the box is asked again for what a backup must not fail by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a box listens unless told otherwise."""

    plain: int = 49000
    encrypted: int = 49443
    """Where the box does not say."""
    web: int = 80
