"""Sentences for people that are in English alone: written where errors and notes are made, without the translator."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ha_device_backup_core import errors

_WORDS = re.compile(r"(?:^|[^\w-])[A-Za-z][\w'’]*,? +[a-z][\w'’]+|[a-z]{2,}[.!?]$")
"""Two words in a row, or one that ends a sentence; names of files, options and codes have neither."""
_TEXTS: Mapping[str, Collection[str | int]] = {
    "Note": ("text", 1),
    "Prompt": ("text", 0),
    "Problem": ("message",),
    "Damage": ("message",),
    "PlannedFile": ("details", 2),
    "RestorePlan": ("refused", "needs", "risks"),
    "RestoreReport": ("proven", "unproven", "needs"),
    "ConfigField": ("label", "help", "choices", 2, 3),
    "HandlerSpec": ("omits", "restore_guide"),
    **{name: ("detail", 0, 1, 2) for name in vars(errors) if name.endswith("Error")},
    "DocumentError": ("why", 0),
    "UnusableError": ("message", 1),
    "DataFolderError": ("text", 0),
    **dict.fromkeys(("BadParameter", "WrongUsageError"), ("text", 0)),
    **dict.fromkeys(("say", "warn", "fail", "echo", "prompt", "print_table", "say_facts"), ("text", 0)),
}
"""By what is made, the arguments that people read."""


def plain_sentences(folder: Path) -> Iterator[str]:
    """Return each sentence for people that no file of translations can hold, with its place."""
    for file in sorted(folder.rglob("*.py")):
        if "testing" in file.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for text in _texts(node):
                if (words := _plain(text)) is not None and _WORDS.search(words):
                    yield f"{file.relative_to(folder)}:{text.lineno}: “{words}” is in English alone; write _(…)."


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    """Return the expressions of a node that become texts for people, as far as they stand there."""
    match node:
        case ast.Call():
            wanted = _TEXTS.get(_name(node.func), ())
            given = [*enumerate(node.args), *((keyword.arg, keyword.value) for keyword in node.keywords)]
            values = [value for place, value in given if place in wanted]
        case ast.AnnAssign(value=ast.expr() as value) if _name(node.annotation) == "Text":
            values = [value]
        case ast.FunctionDef(returns=ast.expr() as returned) if _name(returned) == "Text":
            found = (inside.value for inside in ast.walk(node) if isinstance(inside, ast.Return))
            values = [value for value in found if value is not None]
        case _:
            values = []
    for value in values:
        yield from _parts(value)


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    """Return what an expression may become: each branch, and each item."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_parts(body), *_parts(orelse))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values) | ast.Dict(values=values):
            for item in values:
                yield from _parts(item)
        case ast.Starred(value=inside):
            yield from _parts(inside)
        case _:
            yield value


def _plain(value: ast.expr) -> str | None:
    """Return the words of a text that is no message, with a mark in each gap."""
    match value:
        case ast.Constant(value=str() as words):
            return words
        case ast.JoinedStr(values=values):
            return "".join(_plain(part) or "…" for part in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_plain(left) or '…'}{_plain(right) or '…'}"
    return None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
