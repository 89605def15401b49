"""The JSON Schema is the language: one file, made of it, that takes every recipe."""

import json
import re
import tomllib
from typing import Any

import jsonschema
import pytest

from ha_device_backup_http.recipe.packages import recipe_files
from scripts.recipe_reference import PATH, REAL_SERVERS, TRIED, files

RECIPES = recipe_files("ha_device_backup_http")


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(PATH.read_text(encoding="utf-8")))


def test_what_is_made_of_language_and_recipes_is_new() -> None:
    made = {path: content for path, content in files().items() if path.read_text(encoding="utf-8") != content}
    assert made.keys() == set(), "run python -m scripts.recipe_reference"


@pytest.mark.parametrize("kind", TRIED)
def test_what_is_tried_with_the_real_thing_is(kind: str) -> None:
    assert any(re.search(rf"\b{kind}\b", path.read_text()) for path in REAL_SERVERS.glob("*.py"))


def test_schema_is_one() -> None:
    found = validator()
    found.check_schema(found.schema)
    assert found.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", RECIPES)
def test_shipped_recipe_is_taken(name: str) -> None:
    assert list(validator().iter_errors(tomllib.loads(RECIPES[name].decode()))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "A"},
        {"format": 2},
        {"typo": 1},
        {"fetch": [{"request": "GET http://a/b", "save": "x"}]},
        {"fetch": [{"request": "GET /b", "save": "x", "form": "yaml"}]},
        {"compare": [{"json": "/a"}]},
        {"error": [{"means": "no"}]},
    ],
)
def test_mistake_is_refused(change: dict[str, Any]) -> None:
    document = tomllib.loads(RECIPES["pihole.toml"].decode())

    assert list(validator().iter_errors({**document, **change})) != []
