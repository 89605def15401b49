"""Writes docs/contract.md from the code: `python -m scripts.contract_reference`; a test keeps the page current."""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import ha_device_backup_core
from ha_device_backup_core import contract, errors, hookspecs, session, text

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/contract.md"
SECTIONS = (
    ("The handler", ("DeviceBackupHandler", "HandlerContext", "Config", "ConfigValue", "hookimpl", "client_errors")),
    ("Its facts", ("HandlerSpec", "ConfigField", "FieldKind", "Text", "ApiVersion", "API_VERSION")),
    ("Discovery", ("Zeroconf", "Ssdp", "KnownDevices")),
    ("What it returns", ("DeviceInfo", "Artifact", "Note", "RestoreReport")),
    ("The person and the host", ("Person", "Prompt", "Progress", "RunBlocking")),
)
MODULES = (contract, text, session, hookspecs, errors)
HEAD = """# The contract

Everything that a handler may use, from `ha_device_backup_core`. This page is made from the code by
`python -m scripts.contract_reference`. How to begin: [write a handler](writing-a-handler.md).
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
    parts.append("What a handler raises; `*` is tried again by itself. Details may be given in several languages.\n")
    parts.append("```\n" + "\n".join(_tree(errors.DeviceBackupError, "")) + "\n```\n")
    for name in ha_device_backup_core.__all__:
        if name not in shown:
            parts.extend(_entry(name))
    return "\n".join(parts)


def _entry(name: str) -> Iterator[str]:
    module, node = _definition(name)
    source = module.__file__ and Path(module.__file__).read_text(encoding="utf-8")
    yield f"### `{name}`\n"
    if isinstance(node, ast.ClassDef):
        yield (ast.get_docstring(node) or "") + "\n"
        bare = _bare_class(node)
        if bare.body:
            yield f"```py\n{ast.unparse(bare)}\n```\n"
        yield from _remarks(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield (ast.get_docstring(node) or "") + "\n"
        yield f"```py\n{ast.unparse(_bare_function(node))}\n```\n"
    else:
        yield f"```py\n{ast.get_source_segment(source or '', node)}\n```\n"
        if said := _said_after(module, node):
            yield f"{said}\n"


def _definition(name: str) -> tuple[ModuleType, ast.stmt]:
    for module in MODULES:
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


def _bare_class(node: ast.ClassDef) -> ast.ClassDef:
    kept: list[ast.stmt] = []
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            if not part.name.startswith("_") or part.name == "__init__":
                kept.append(_bare_function(part))
        elif isinstance(part, ast.AnnAssign | ast.Assign):
            kept.append(part)
    decorators = [decorator for decorator in node.decorator_list if "dataclass" in ast.unparse(decorator)]
    return ast.ClassDef(
        name=node.name, bases=node.bases, keywords=node.keywords, body=kept, decorator_list=decorators, type_params=[]
    )


def _bare_function[F: ast.FunctionDef | ast.AsyncFunctionDef](node: F) -> F:
    node.body = [ast.Expr(ast.Constant(...))]
    node.type_params = []
    return node


def _remarks(node: ast.ClassDef) -> Iterator[str]:
    """Return what is said about each attribute and method, as a list."""
    remarks = []
    for part, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(_original(node, part.name)) or ""
            if said and not part.name.startswith("_"):
                remarks.append((part.name, said))
        elif isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            remarks.extend((name, inspect.cleandoc(str(following.value.value))) for name in _names(part))
    if remarks:
        yield "\n".join(f"- `{name}`: {' '.join(said.split())}" for name, said in remarks) + "\n"


def _original(node: ast.ClassDef, method: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    _, again = _definition(node.name)
    for part in ast.walk(again):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == method:
            return part
    raise LookupError(method)


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
