"""What a recipe of the package tells a person is there in each language."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ha_device_backup_core
import ha_device_backup_http

_LANGUAGES = {file.stem for file in (Path(ha_device_backup_core.__file__).parent / "translations").glob("*.json")}
_FOR_PEOPLE = frozenset({"omits", "help", "label", "text", "guide"})
_FOLDER = Path(ha_device_backup_http.__file__).parent / "recipes"


def _in_one_language(value: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - whatever TOML holds
    match value:
        case str() if place.rpartition(".")[2] in _FOR_PEOPLE:
            yield place
        case {"en": _, **others}:
            if not others.keys() >= _LANGUAGES:
                yield place
        case dict():
            for key, inner in value.items():
                yield from _in_one_language(inner, f"{place}.{key}")
        case list():
            # A list of texts is one for people where its key is.
            for inner in value:
                yield from _in_one_language(inner, place)


def test_every_text_is_in_each_language() -> None:
    recipes = {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in _FOLDER.glob("*.toml")}

    assert recipes
    assert [place for name, recipe in recipes.items() for place in _in_one_language(recipe, name)] == []
