"""The arrows between the parts, read from the imports themselves."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

import pytest

import ha_device_backup_core
from ha_device_backup_core import errors, host, testing, toolkit

ROOT = Path(__file__).parents[2]
CORE = "ha_device_backup_core"
THIRD_PARTY = {"aiohttp", "cronsim", "importlib_metadata", "packaging", "pluggy", "yarl"}
"""What the core needs, beside Python; yarl is the type of aiohttp's addresses, and comes with it."""
AIOHTTP = {"aiohttp", "yarl"}
"""With the type of its addresses."""
LIBRARIES = {"handlers-ssh": {"asyncssh"}}
"""What a handler package needs beside the core, as its pyproject.toml says."""
EXTRA_OF_THE_COMMAND_LINE = {"rich", "typer"}
LAYERS = (
    {"catalogs", "fingerprints", "text", "text_documents", "waiting"},
    {"damage", "errors", "package_problems"},
    {
        "file_facts",
        "file_forms",
        "hiding",
        "http_errors",
        "matchers",
        "restore_records",
        "tar_stream",
        "unexpected",
        "websockets",
        "zip_files",
    },
    {"contract", "snapshot_files"},
    {"suspicion"},
    {"addresses", "config", "identity", "records", "spellings"},
    {"changes", "plugins", "policies", "store", "toolkit"},
    {"discovery", "jobs", "packages"},
    {"agent"},
    {"manager"},
)
"""From the bottom up; a module imports from lower layers, or from its own. What is not named here is above."""
TOP = "cli"
EXTRA_FOR_AUTHORS = EXTRA_OF_THE_COMMAND_LINE | {"pytest", "yarl"}
TESTING = "testing"
PACKAGES = "packages"
EXTRA_FOR_PACKAGES = {"certifi"}
"""Where it is not there, certificates are those of the system."""
SNAPSHOTS = "snapshots"
EXTRA_FOR_SNAPSHOTS = {"securetar"}
"""Home Assistant has it; without it only what is encrypted cannot be read."""


def modules(folder: str) -> dict[str, Path]:
    """Return the modules below a folder by dotted name."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT / folder).with_suffix("").parts
        found[".".join((Path(folder).name, *(part for part in parts if part != "__init__")))] = path
    return found


@cache
def imports(name: str, path: Path) -> frozenset[str]:
    """Return the full name of everything that a module imports."""
    return frozenset(_imports(name, path))


def _imports(name: str, path: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            origin = ".".join(filter(None, (base, node.module)))
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def part(name: str) -> str:
    """Return the part of the core that a dotted name belongs to."""
    pieces = name.split(".")
    return pieces[1] if len(pieces) > 1 else ""


def layer(name: str) -> int:
    return next((number for number, names in enumerate(LAYERS) if name in names), len(LAYERS))


CORE_MODULES = modules(CORE)
CORE_PARTS = {part(name) for name in CORE_MODULES}


def test_core_imports_nothing_that_it_may_not() -> None:
    extras = {
        TOP: EXTRA_OF_THE_COMMAND_LINE,
        PACKAGES: EXTRA_FOR_PACKAGES,
        SNAPSHOTS: EXTRA_FOR_SNAPSHOTS,
        TESTING: EXTRA_FOR_AUTHORS,
    }
    allowed = THIRD_PARTY | {CORE} | sys.stdlib_module_names
    others = {
        name: {imported.partition(".")[0] for imported in imports(name, path)} - allowed - extras.get(part(name), set())
        for name, path in CORE_MODULES.items()
    }
    assert {name: roots for name, roots in others.items() if roots} == {}


def used_parts(name: str) -> set[str]:
    """Return the other parts of the core that a module of a part uses."""
    used = {part(imported) for imported in imports(name, CORE_MODULES[name]) if imported.startswith(f"{CORE}.")}
    return (used & CORE_PARTS) - {part(name)}


def test_core_imports_downwards() -> None:
    used = {name: used_parts(name) for name in CORE_MODULES if part(name)}
    upwards = {name: {other for other in parts if layer(other) > layer(part(name))} for name, parts in used.items()}
    assert {name: parts for name, parts in upwards.items() if parts} == {}
    assert [name for name, parts in used.items() if TOP in parts and part(name) != TESTING] == []
    assert [name for name, parts in used.items() if TESTING in parts] == []


def test_every_layer_is_there() -> None:
    assert {name for names in LAYERS for name in names} - CORE_PARTS == set()


@pytest.mark.parametrize("folder", [path.name for path in sorted(ROOT.glob("handlers-*"))])
def test_handlers_use_public_names_only(folder: str) -> None:
    (package,) = (path.parent.name for path in (ROOT / folder).glob("*/__init__.py"))
    public = {f"{CORE}.{name}" for name in ha_device_backup_core.__all__}
    public |= {f"{CORE}.toolkit.{name}" for name in toolkit.__all__}
    for name, path in modules(f"{folder}/{package}").items():
        used = {imported for imported in imports(name, path) if imported.partition(".")[0] == CORE}
        assert used - public == set(), path
        others = {imported.partition(".")[0] for imported in imports(name, path)}
        allowed = {CORE, package, *AIOHTTP, *LIBRARIES.get(folder, ())}
        assert others - allowed - sys.stdlib_module_names == set(), path


def test_integration_knows_no_handler_package() -> None:
    packages = {path.parent.name for path in ROOT.glob("handlers-*/*/__init__.py")}
    for name, path in modules("custom_components/ha_device_backups").items():
        assert {imported.partition(".")[0] for imported in imports(name, path)} & packages == set(), path


@pytest.mark.parametrize(
    "folder", ["custom_components/ha_device_backups", f"{CORE}/{TOP}", "agent/ha_device_backup_agent"]
)
def test_hosts_come_in_by_the_two_doors(folder: str) -> None:
    """What is not public may change at any time; of both doors `scripts/api_changes.py` tells what did."""
    public = {CORE, *(f"{CORE}.{name}" for name in ha_device_backup_core.__all__)}
    public |= {f"{CORE}.host.{name}" for name in host.__all__}
    if folder.startswith("agent"):
        # It has kinds of its own.
        public |= {f"{CORE}.toolkit.{name}" for name in toolkit.__all__}
    # Both doors take their time to open, and Ctrl-C comes before.
    early = ("INTERRUPTED", "end_at_once", "interrupt_when_terminated", "raise_again")
    public |= {f"{CORE}.interrupts.{name}" for name in early}
    for name, path in modules(folder).items():
        full = f"{CORE}.{name}" if folder.startswith(CORE) else name
        used = {imported for imported in imports(full, path) if imported.partition(".")[0] == CORE}
        own = {imported for imported in used if full.startswith(CORE) and part(imported) == TOP}
        assert used - own - public == set(), path


def test_agent_knows_no_handler_package() -> None:
    packages = {path.parent.name for path in ROOT.glob("handlers-*/*/__init__.py")}
    for name, path in modules("agent/ha_device_backup_agent").items():
        roots = {imported.partition(".")[0] for imported in imports(name, path)}
        assert roots & {*packages, "custom_components", "homeassistant"} == set(), path


def test_rooms_of_the_integration_have_no_circle() -> None:
    found = modules("custom_components/ha_device_backups")
    names = {part(name) for name in found}
    rooms: dict[str, set[str]] = {name: set() for name in names}
    for name, path in found.items():
        own = {used for used in imports(name, path) if used.startswith("ha_device_backups.")}
        rooms[part(name)] |= ({part(used) for used in own} & names) - {part(name), ""}

    TopologicalSorter(rooms).prepare()


def test_exceptions_of_the_product_are_in_one_tree() -> None:
    """What may leave the core is in `errors`; what stays inside a part is named here."""
    defined = {
        f"{name}.{node.name}"
        for name, path in CORE_MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error") and name != errors.__name__
    }
    assert defined == {
        f"{CORE}.agent.client.RequestRefusedError",
        f"{CORE}.agent.fields.ProtocolError",
        f"{CORE}.changes.members._TooMuchError",
        f"{CORE}.cli.wrong_usage.WrongUsageError",
        f"{CORE}.packages.installer_process.FailedError",
        f"{CORE}.packages.requirement.PackageError",
        f"{CORE}.store.json_documents.DocumentError",
        f"{CORE}.store.json_documents.NewerDocumentError",
        f"{CORE}.tar_stream.TarError",
        f"{CORE}.testing.recording.RecordingError",
        f"{CORE}.plugins.unusable.UnusableError",
        f"{CORE}.toolkit.interruptions.ConnectionClosedError",
        f"{CORE}.toolkit.interruptions.RequestInterruptedError",
        f"{CORE}.toolkit.json_data.JsonError",
    }


@pytest.mark.parametrize("door", [ha_device_backup_core, host, toolkit, testing])
def test_public_names_are_there_once(door: ModuleType) -> None:
    assert [name for name in door.__all__ if not hasattr(door, name)] == []
    assert len(door.__all__) == len(set(door.__all__))


def test_files_stay_short() -> None:
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in CORE_MODULES.items()}
    assert {name: number for name, number in lines.items() if number > 400} == {}


def public_classes(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)):
                if not name.startswith("_"):
                    yield name


def test_no_two_public_classes_share_a_name() -> None:
    places: dict[str, list[str]] = {}
    for folder in (CORE, "agent", "custom_components", "scripts", *(path.name for path in ROOT.glob("handlers-*"))):
        for path in (ROOT / folder).rglob("*.py"):
            for name in public_classes(path):
                places.setdefault(name, []).append(str(path.relative_to(ROOT)))

    assert {name: found for name, found in places.items() if len(found) > 1} == {}
