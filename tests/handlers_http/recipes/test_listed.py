"""The list of kinds is that of the recipes."""

from pathlib import Path

from .conftest import RECIPES

PAGE = Path(__file__).parents[3] / "handlers-http/recipes.md"


def test_every_kind_is_listed_as_it_is() -> None:
    table, _rest = PAGE.read_text(encoding="utf-8").split("\n## ", 1)
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")]
    listed = {name.strip(): note.strip() == "untested" for name, _versions, _way, note in rows[1:]}

    assert listed == {str(found.spec.name): found.recipe.is_untested for found in RECIPES.values()}
