"""What a recipe shows of a backup although it sounds like a secret; pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from glob import escape

from ...pointers import parse_pointer
from ..recipe import Places, Recipe
from ..showing import shown
from ..xml_places import XmlPlace, parse_place
from .secrecy import SecretPlaces, secret_places


def shown_openly(recipe: Recipe, files: Mapping[str, bytes], entered: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each file with a place in it that people would see."""
    for name, content in files.items():
        file = {name: content}
        seen = shown(recipe, file)
        for found in secret_places(name, content, entered):
            for place, rule in _rules(found, len(name)):
                hidden = shown(replace(recipe, secrets=(*recipe.secrets, rule)), file)
                if any(hidden.get(text) != seen[text] for text in seen):
                    yield found.file, place


def _rules(found: SecretPlaces, length: int) -> Iterator[tuple[str, Places]]:
    """Yield each place with the rule that would hide it."""
    members = tuple(found.file[length + 1 :].split("!")) if len(found.file) > length else ()
    places = Places(file=escape(found.file[:length]), members=members)
    for text in found.json:
        if (pointer := parse_pointer(text)) is not None:
            yield text, replace(places, json=(pointer,))
    for text in found.xml:
        if isinstance(place := parse_place(text), XmlPlace):
            yield text, replace(places, xml=(place,))
    for text in found.lines:
        yield text, replace(places, lines=(text,))
