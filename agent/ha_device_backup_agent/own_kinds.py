"""Kinds that come from the agent itself, beside those of handler packages."""

from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from ha_device_backup_core import DeviceBackupHandler, Text
from ha_device_backup_core.host import HandlerRegistry, Problem, ProblemKind, RegisteredHandler

from .programs.configuration import FILE, read_programs
from .programs.handler import program_handler
from .trees.handler import tree_handler
from .trees.places import TreePlaces

DISTRIBUTION = "ha-device-backup-agent"


def with_own_kinds(registry: HandlerRegistry, folder: Path, agent_id: str, places: TreePlaces) -> HandlerRegistry:
    """Return the registry with what this agent alone has; blocking."""
    programs = read_programs(folder / FILE)
    handlers = [tree_handler(places), *(program_handler(program, agent_id) for program in programs.programs)]
    return _joined(registry, handlers, programs.faults)


def _joined(
    registry: HandlerRegistry, handlers: Iterable[type[DeviceBackupHandler]], faults: Iterable[Text]
) -> HandlerRegistry:
    own_version = version(DISTRIBUTION)
    own = {
        handler.spec.kind: RegisteredHandler(handler=handler, distribution=DISTRIBUTION, version=own_version)
        for handler in handlers
    }
    problems = [
        Problem(kind=ProblemKind.NOT_A_HANDLER, distribution=DISTRIBUTION, version=own_version, message=fault)
        for fault in faults
    ]
    return replace(
        registry,
        handlers=MappingProxyType(dict(sorted({**registry.handlers, **own}.items()))),
        problems=(*registry.problems, *problems),
    )
