"""From the text of a recipe to the recipe, or to all that is wrong with it; pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from .build import built
from .flow import faults_of_flow
from .language import RECIPE
from .positions import line_at, lines_of
from .problems import RecipeError, RecipeProblem
from .recipe import Recipe
from .step_language import FORMAT
from .templates import Value

LARGEST = 1024 * 1024
"""Bytes of the text of a recipe."""
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_DEEPEST = 32
_MOST_DOTS = 100
"""Between two = in a line: more than any key has, and hardly any sentence."""
_MOST_FAULTS = 200


def load_recipe(name: str, content: bytes) -> Recipe:
    """Return the recipe; raise RecipeError with everything that is wrong with it."""
    text = _text(name, content)
    document = _document(name, text)
    faults = list(islice(_faults(document), _MOST_FAULTS))
    if len(faults) == _MOST_FAULTS or any(not fault.wrong.startswith("there is no key") for fault in faults):
        raise _error(name, text, faults)
    recipe, more = built(document)
    faults += [*more, *(() if recipe is None else islice(faults_of_flow(recipe), _MOST_FAULTS))]
    if faults or recipe is None:
        raise _error(name, text, faults)
    return recipe


def _text(name: str, content: bytes) -> str:
    if len(content) > LARGEST:
        fault = RecipeProblem(place=(), wrong=f"the file has more than {LARGEST} bytes", right="write less")
        raise RecipeError(name, [fault])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = RecipeProblem(place=(), wrong="this is no text in UTF-8", right="save it as UTF-8", line=line)
        raise RecipeError(name, [fault]) from error


def _document(name: str, text: str) -> dict[str, Value]:
    # Python up to 3.13 reads a key in memory that grows with the square of its parts.
    rows = enumerate(text.split("\n"), start=1)
    at = next((at for at, row in rows if any(part.count(".") > _MOST_DOTS for part in row.split("="))), None)
    if at is not None:
        right = f"nest at most {_DEEPEST} levels"
        raise RecipeError(name, [RecipeProblem(place=(), wrong="a key has too many parts", right=right, line=at)])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _AT_LINE.search(said)
        line = int(found[1]) if found else text.count("\n") + 1
        wrong = f"this is no TOML ({_AT_LINE.sub('', said).strip().removesuffix(' (at end of document)')})"
        raise RecipeError(
            name, [RecipeProblem(place=(), wrong=wrong, right="see https://toml.io", line=line)]
        ) from error
    except RecursionError as error:
        fault = RecipeProblem(place=(), wrong="it is nested too deep", right=f"nest at most {_DEEPEST} levels")
        raise RecipeError(name, [fault]) from error


def _faults(document: Mapping[str, Value]) -> Iterator[RecipeProblem]:
    version = document.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        wrong = f"this is format {version}, and this version of the handler knows {FORMAT}"
        yield RecipeProblem(place=("format",), wrong=wrong, right="update ha-device-backup-http")
        return
    if _depth(document) > _DEEPEST:
        yield RecipeProblem(place=(), wrong="it is nested too deep", right=f"nest at most {_DEEPEST} levels")
        return
    yield from RECIPE.faults(document, ())


def _depth(value: Value) -> int:
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def _error(name: str, text: str, faults: list[RecipeProblem]) -> RecipeError:
    lines = lines_of(text)
    placed = [replace(fault, line=line_at(lines, fault.place)) for fault in faults]
    return RecipeError(name, sorted(dict.fromkeys(placed), key=lambda fault: (fault.line, fault.key)))
