"""Writes what is made of the language of recipes and of the recipes themselves: `python -m scripts.recipe_reference`.

The schema by which editors check recipes, the table of the kinds, and their list in the README of the package.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from ha_device_backup_core import in_language
from ha_device_backup_http.recipe import load_recipe
from ha_device_backup_http.recipe.packages import recipe_files
from ha_device_backup_http.recipe.recipe import Recipe
from ha_device_backup_http.recipe.schema import schema

_ROOT = Path(__file__).parents[1]
PATH = _ROOT / "docs" / "recipe.schema.json"
KINDS = _ROOT / "handlers-http" / "recipes.md"
README = _ROOT / "handlers-http" / "README.md"
REAL_SERVERS = _ROOT / "tests" / "real_servers"
TRIED = ("esphome_device_builder", "homebridge", "moonraker", "node_red", "octoprint", "syncthing", "zigbee2mqtt")
"""Kinds that `tests/real_servers` tries with the real software."""
_WIDTH = 160
_MOST_NAMES = 5
_BEGINS, _ENDS = "<!-- made by python -m scripts.recipe_reference -->", "<!-- until here -->"


def text() -> str:
    """Return the schema."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def files() -> Mapping[Path, str]:
    """Return each file that is made, and what is in it."""
    recipes = sorted(_recipes(), key=lambda recipe: _name(recipe).casefold())
    names = ", ".join(map(_name, recipes))
    listed = textwrap.fill(f"{len(recipes)} kinds come with this package: {names}.", _WIDTH, break_on_hyphens=False)
    table = "\n".join(["| Kind | Read for | Back by | |", "|---|---|---|---|", *map(_row, recipes)])
    return {PATH: text(), KINDS: _with(KINDS, table), README: _with(README, listed)}


def _recipes() -> Iterator[Recipe]:
    for name, content in recipe_files("ha_device_backup_http").items():
        yield load_recipe(name, content)


def _name(recipe: Recipe) -> str:
    return in_language(recipe.spec.name)


def _row(recipe: Recipe) -> str:
    tried = "tried with the real thing" if recipe.spec.kind in TRIED else ""
    known = "untested" if recipe.is_untested else tried
    cells = (_name(recipe), recipe.tested, _way_back(recipe), known)
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"


def _way_back(recipe: Recipe) -> str:
    """Return what puts a backup back: requests, a person, or both."""
    saved = [file for file in recipe.files if file.is_compared]
    left = [file for file in saved if not recipe.restore.puts_back(file.pattern.replace("*", "x"))]
    if not recipe.restore.steps:
        return "you"
    names = [f"`{name}`" for name in recipe.restore.covers]
    covered = ", ".join(names if len(names) <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], "…"])
    return f"requests ({covered}); the rest by you" if left else "requests"


def _with(path: Path, made: str) -> str:
    """Return a page with what is made between its marks."""
    before, _begins, rest = path.read_text(encoding="utf-8").partition(_BEGINS)
    return f"{before}{_BEGINS}\n{made}\n{_ENDS}{rest.partition(_ENDS)[2]}"


if __name__ == "__main__":
    for place, content in files().items():
        place.write_text(content, encoding="utf-8")
