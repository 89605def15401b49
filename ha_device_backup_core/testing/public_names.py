"""Which names of the core a handler imports that can change at any time; pure but for reading its files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import ha_device_backup_core
from ha_device_backup_core import toolkit

_CORE = "ha_device_backup_core"
_TESTING = f"{_CORE}.testing"
_DOORS = {_CORE: ha_device_backup_core.__all__, f"{_CORE}.toolkit": toolkit.__all__}


@cache
def private_names(module: Path) -> tuple[str, ...]:
    """Return each such import in the file of a module, in its package, and in what they import from beside them."""
    found: dict[str, list[str]] = {}
    left = [module, module.with_name("__init__.py")]
    while left:
        file = left.pop()
        if file.name not in found and file.is_file():
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found[file.name] = [f"{file.name}:{line}: {name}" for line, name in _of_core(tree) if not _is_public(name)]
            left += [file.with_name(f"{name}.py") for name in _beside(tree)]
    return tuple(name for _, names in sorted(found.items()) for name in names)


def _of_core(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Return what is imported of the core, as a whole or by name."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names if _is_of_core(alias.name))
            case ast.ImportFrom(module=str(module), level=0) if _is_of_core(module):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def _beside(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=1):
                yield module.partition(".")[0]
            case ast.ImportFrom(module=None, level=1):
                yield from (alias.name for alias in node.names)


def _is_of_core(module: str) -> bool:
    return module == _CORE or module.startswith(f"{_CORE}.")


def _is_public(name: str) -> bool:
    door, _, inner = name.rpartition(".")
    return name in _DOORS or name.startswith(_TESTING) or inner in _DOORS.get(door, ())
