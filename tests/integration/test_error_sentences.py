"""An error is told in its own sentence and in the words of whoever raised it: together they say nothing twice."""

import ast
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from custom_components.ha_device_backups.translation import error_text
from ha_device_backup_core import errors
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.text import Message, Text

from .languages import LANGUAGES

pytestmark = pytest.mark.xdist_group("error sentences")  # the sources are read once

ROOT = Path(__file__).parents[2]
PACKAGES = ("ha_device_backup_core", *sorted(path.name for path in ROOT.glob("handlers-*/ha_*")))
COMMON = set(
    re.findall(
        r"\w+",
        "again also been before device dann diese dieser dieses eine einen einer eines fritz from gerät have into "
        "jemand kann kein keine mehr nach nicht nichts noch nothing oder sein sich sind somebody something that their "
        "them there they this what when which will wird with without wurde "
        "alleen apparaat deze eigen geen heeft hier kunnen maar meer niet niets over staat voor wordt zijn",
    )
)
SAMPLES: dict[str, Any] = {"int": 7, "str": "cfg.json", "Text": "“X”", "Sequence[str]": ("a", "b"), "bool": True}

type Told = tuple[str, type[DeviceBackupError], Text]


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    for package in PACKAGES:
        folder = Path(str(importlib.import_module(package).__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if parts[0] in ("testing", "cli") or parts[-1] == "__main__":
                continue
            name = ".".join((package, *(part for part in parts if part != "__init__")))
            yield importlib.import_module(name), ast.parse(path.read_text())


@cache
def told() -> tuple[Told, ...]:
    """Return what `raised` finds."""
    return tuple(raised())


def raised() -> Iterator[Told]:
    """Yield every error that is raised with words known beforehand: where, which and what it says."""
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                kind = vars(module).get(getattr(node.func, "id", ""))
                if isinstance(kind, type) and issubclass(kind, DeviceBackupError):
                    for argument in node.args:
                        for detail in words(module, argument):
                            yield f"{module.__name__}:{node.lineno}", kind, detail


def words(module: ModuleType, node: ast.expr) -> Iterator[Text]:
    """Return what an argument says, with samples where it is filled in."""
    match node:
        case ast.IfExp():
            yield from words(module, node.body)
            yield from words(module, node.orelse)
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(english))]):
            values = {keyword.arg: "“X”" for keyword in node.keywords if keyword.arg}
            yield Message(english, values, module.__name__.partition(".")[0])
        case ast.Attribute() | ast.Name() | ast.Call():
            maker = named(module, node.func if isinstance(node, ast.Call) else node)
            if callable(maker) and isinstance(node, ast.Call):
                yield from made(maker)
            elif isinstance(maker, Message):
                yield maker


def named(module: ModuleType, node: ast.expr) -> object:
    if isinstance(node, ast.Attribute):
        return getattr(named(module, node.value), node.attr, None)
    return vars(module).get(node.id) if isinstance(node, ast.Name) else None


def made(maker: Callable[..., object]) -> Iterator[Text]:
    """Return what a function of texts makes of samples."""
    parameters = inspect.signature(maker).parameters.values()
    kinds = [str(getattr(parameter.annotation, "__name__", parameter.annotation)) for parameter in parameters]
    if all(kind in SAMPLES for kind in kinds):
        with suppress(LookupError):  # It is made of one of a few values, which have texts of their own.
            text = maker(*(SAMPLES[kind] for kind in kinds))
            if isinstance(text, Message):
                yield text


def messages(language: str) -> dict[str, str]:
    path = ROOT / "custom_components" / "ha_device_backups" / "translations" / f"{language}.json"
    texts = json.loads(path.read_text())["exceptions"]
    return {f"component.ha_device_backups.exceptions.{code}.message": text["message"] for code, text in texts.items()}


def of_weight(sentence: str) -> set[str]:
    return {word for word in re.findall(r"[a-zäöüß]{4,}", sentence.lower()) if word not in COMMON}


def share_their_words(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= max(2, 0.7 * min(len(one), len(other)))


def repeated(text: str) -> list[tuple[str, str]]:
    """Return the sentences of which one says what the other does."""
    sentences = [sentence.strip() for sentence in re.split(r"[.?!;:]\s", text + " ") if sentence.strip()]
    return [
        (one, other)
        for one, other in combinations(sentences, 2)
        if one == other or share_their_words(of_weight(one), of_weight(other))
    ]


class SaidError(DeviceBackupError):
    """An error of any kind with these words."""


def test_the_words_of_errors_are_found() -> None:
    assert {kind.code for _, kind, _ in told()} >= {
        "cannot_connect",
        "device_busy",
        "authentication",
        "person_required",
        "restore_rejected",
        "store",
        "invalid_artifact",
        "unsupported_device",
    }
    assert len(told()) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_error_says_anything_twice(language: str) -> None:
    texts = messages(language)
    twice = {}
    for place, kind, detail in told():
        error = SaidError(detail)
        error.code = kind.code  # type: ignore[misc]  # the class has it; this one stands for all of them
        said = error_text(texts, error, language)
        if found := repeated(said):
            twice[f"{place} {said}"] = found
    assert twice == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_is_told_in_the_language(language: str) -> None:
    assert [place for place, _, detail in told() if isinstance(detail, Mapping) and not detail.get(language)] == []


def test_the_command_line_says_the_same_as_home_assistant() -> None:
    texts = messages("en")
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, DeviceBackupError):
            message = texts[f"component.ha_device_backups.exceptions.{kind.code}.message"]
            said = str(kind.summary).partition("{")[0].partition(".")[0]
            assert message.startswith(said) or kind.code in ("config", "store_locked", "device_backup"), kind.code


def test_repetitions_are_seen() -> None:
    assert repeated("The device is busy. It is very busy, the lamp device.") == []
    assert repeated("The lamp refused the login. The login was refused by the lamp.") != []
