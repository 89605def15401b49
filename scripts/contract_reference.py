"""Writes docs/contract.md from the code: `python -m scripts.contract_reference`; a test keeps the page current."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import ha_device_backup_core
from ha_device_backup_core import (
    addresses,
    errors,
    file_facts,
    file_forms,
    hiding,
    http_errors,
    matchers,
    restore_records,
    text,
    toolkit,
    websockets,
    zip_files,
)
from ha_device_backup_core.contract import artifact, handler, spec
from ha_device_backup_core.plugins import hookspecs
from ha_device_backup_core.testing import run, simulated_http, simulated_server
from ha_device_backup_core.toolkit import (
    bodies,
    client,
    device_ids,
    drawn_words,
    interruptions,
    json_data,
    junk,
    pace,
    reach,
    response,
    restart,
    restore_errors,
    secret_words,
    ssh_keys,
    text_data,
    websocket,
    writing,
)

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/contract.md"
SECTIONS = (
    ("The handler", ("DeviceBackupHandler", "HandlerContext", "Config", "ConfigValue", "hookimpl")),
    ("What it asks with", ("base_url", "client_errors", "receive_text", "unpack", "hidden")),
    ("Its facts", ("HandlerSpec", "ConfigField", "FieldKind", "Text", "ApiVersion", "API_VERSION", "ASKED")),
    ("Discovery", ("Zeroconf", "Ssdp", "KnownDevices")),
    ("What it returns", ("DeviceInfo", "Artifact", "Note", "RestoreReport")),
    ("What it plans", ("RestorePlan", "PlannedFile", "FileChange")),
    ("The person and the host", ("Person", "Prompt", "Progress", "RunBlocking")),
)
MODULES = (
    addresses,
    artifact,
    handler,
    spec,
    file_facts,
    matchers,
    restore_records,
    text,
    http_errors,
    websockets,
    zip_files,
    hiding,
    hookspecs,
    errors,
)
TOOLKIT = (
    client,
    response,
    bodies,
    pace,
    interruptions,
    websocket,
    json_data,
    text_data,
    drawn_words,
    device_ids,
    file_forms,
    junk,
    reach,
    writing,
    restart,
    restore_errors,
    secret_words,
    ssh_keys,
)
FOR_TESTS = {
    run: ("run_job", "run_probe", "run_plan", "run_restore", "run_part", "run_import"),
    simulated_server: ("SimulatedServer", "SimulatedFaults", "serve"),
    simulated_http: ("SimulatedRequest", "SimulatedResponse"),
}
HEAD = """# The contract

Everything that a handler may use, from `ha_device_backup_core`; at the end its toolkit, and what is for tests. This
page is made from the code by `python -m scripts.contract_reference`. How to begin: [write a
handler](writing-a-handler.md).
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    shown: set[str] = set()
    for title, names in SECTIONS:
        parts.append(f"## {title}\n")
        for name in names:
            shown.add(name)
            parts.extend(_entry(name))
    parts.append("## Errors\n")
    parts.append("What a handler raises; `*` is tried again by itself. Details are texts.\n")
    parts.append("```\n" + "\n".join(_tree(errors.DeviceBackupError, "")) + "\n```\n")
    for name in ha_device_backup_core.__all__:
        if name not in shown:
            parts.extend(_entry(name))
    parts.append("## The toolkit\n")
    parts.append("From `ha_device_backup_core.toolkit`; what it is for: [the toolkit](toolkit.md).\n")
    for module in TOOLKIT:
        for name in _defined_in(module, toolkit.__all__):
            parts.extend(_entry(name, TOOLKIT))
    parts.append("## For tests\n")
    parts.append("From `ha_device_backup_core.testing`, beside [the suite](checking-a-handler.md#check-it).\n")
    for module, of_module in FOR_TESTS.items():
        for name in of_module:
            parts.extend(_entry(name, (module,)))
    return "\n".join(parts)


def _defined_in(module: ModuleType, public: Sequence[str]) -> Iterator[str]:
    for node in ast.parse(inspect.getsource(module)).body:
        yield from (name for name in _names(node) if name in public)


def _entry(name: str, modules: Sequence[ModuleType] = MODULES) -> Iterator[str]:
    module, node = _definition(name, modules)
    lines = inspect.getsource(module).splitlines()
    yield f"### `{name}`\n"
    if isinstance(node, ast.ClassDef):
        yield (ast.get_docstring(node) or "") + "\n"
        if members := list(_members(node, lines)):
            yield _code([*_header(node, lines), *members])
        yield from _remarks(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield (ast.get_docstring(node) or "") + "\n"
        yield _code(_bare(node, lines))
    else:
        yield _code(lines[node.lineno - 1 : node.end_lineno])
        if said := _said_after(module, node):
            yield f"{said}\n"


def _code(lines: Sequence[str]) -> str:
    return "\n".join(["```py", *lines, "```", ""])


def _definition(name: str, modules: Sequence[ModuleType]) -> tuple[ModuleType, ast.stmt]:
    for module in modules:
        for node in ast.parse(inspect.getsource(module)).body:
            if name in _names(node):
                return module, node
    raise LookupError(f"{name} is in none of the modules of the contract")


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.TypeAlias(name=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
    return []


def _said_after(module: ModuleType, node: ast.stmt) -> str:
    body = ast.parse(inspect.getsource(module)).body
    following = [other for other in body if other.lineno > (node.end_lineno or node.lineno)][:1]
    match following:
        case [ast.Expr(value=ast.Constant(value=str(said)))]:
            return inspect.cleandoc(said)
    return ""


def _members(node: ast.ClassDef, lines: Sequence[str]) -> Iterator[str]:
    """Return the public attributes and methods, as they stand in the source, without bodies."""
    first = True
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            if part.name.startswith("_") and part.name != "__init__":
                continue
            yield from (() if first else ("",))
            yield from _bare(part, lines)
        elif isinstance(part, ast.AnnAssign | ast.Assign) and not any(map(_is_private, _names(part))):
            yield from (re.sub(r"# noqa: \w+ - ", "# ", line) for line in lines[part.lineno - 1 : part.end_lineno])
        else:
            continue
        first = False


def _is_private(name: str) -> bool:
    return name.startswith("_")


def _bare(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> list[str]:
    *before, last = _header(node, lines)
    return [*before, f"{last} ..."]


def _header(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> list[str]:
    """Return the lines down to the body; every public name has a docstring, which is on the next one."""
    begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return [line.partition("  # noqa")[0] for line in lines[begin - 1 : node.body[0].lineno - 1]]


def _remarks(node: ast.ClassDef) -> Iterator[str]:
    """Return what is said about each attribute and method, as a list."""
    remarks = []
    for part, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(part) or ""
            if said and not part.name.startswith("_"):
                remarks.append((part.name, said))
        elif isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            remarks.extend((name, inspect.cleandoc(str(following.value.value))) for name in _names(part))
    if remarks:
        yield "\n".join(f"- `{name}`: {' '.join(said.split())}" for name, said in remarks) + "\n"


def _tree(error: type[errors.DeviceBackupError], indent: str) -> Iterator[str]:
    star = "*" if error.retryable else ""
    first = (error.__doc__ or "").splitlines()[0]
    yield f"{indent}{error.__name__}{star}".ljust(36) + first
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _tree(below, indent + "  ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
