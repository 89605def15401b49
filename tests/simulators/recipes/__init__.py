"""Stand-ins for the devices that recipes describe: each answers as the device's own source says, errors included."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from .stand_in import PASSWORD, StandIn, empty, json, page, route, text

__all__ = ["PASSWORD", "StandIn", "empty", "json", "page", "route", "stand_ins", "text"]


def stand_ins() -> Mapping[str, type[StandIn]]:
    """Return every stand-in by its name: the kind, with the variant where a device answers in several ways."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return {found.name(): found for found in _below(StandIn) if hasattr(found, "kind")}


def _below(base: type[StandIn]) -> Iterator[type[StandIn]]:
    for inner in base.__subclasses__():
        yield inner
        yield from _below(inner)
