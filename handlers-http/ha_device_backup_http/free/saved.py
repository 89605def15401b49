"""Save as recipe: what a person entered becomes a kind of its own, in a file for others; without any secret; pure."""

import re
from collections.abc import Mapping
from typing import Any

from ha_device_backup_core import Artifact, Config

from ..recipe.new.text import SCHEMA
from ..recipe.new.wanted import kind_of
from ..recognise import Form
from ..safe_names import looks_like_key
from .document import FormRecipe, document_of, without_words
from .entered import EnteredForm, wanted_of
from .rules import Rules, rules_of
from .toml_text import toml_text

_ADVICE = """
# What nobody may see when backups are compared, a table for each file; a file without one is not shown at all:
# [[secret]]
# file = "{file}"
# json = ["/password"]

# How a person puts a backup back, a step a line; or how requests do (docs/writing-a-recipe.md):
# [restore]
# guide = ["Open the page of the device, then …"]
"""
_FORMS: Mapping[Form, str] = {Form.OTHER: "any", Form.UNKNOWN: "any"}
_KEY_IN_ADDRESS = "address_key"


def saved_recipe(config: Config, name: str, artifact: Artifact | None = None) -> tuple[str, str]:
    """Return the name of the file and its text; the newest backup says what form each file has.

    Raises ConfigError.
    """
    wanted = wanted_of(config)
    kind = kind_of(name)
    document = without_words(document_of(wanted, kind, name.strip() or kind))
    document = _without_keys({**document, "fetch": _with_forms(wanted, document["fetch"], artifact)})
    head = {key: document.pop(key) for key in ("format", "kind", "name", "base")}
    text = toml_text({**head, **document})
    lines = (
        f"#:schema {SCHEMA}",
        "# Made of the settings of one device. Look through it: is all of this the same with others of its kind?",
        '# manufacturer = "…" and tested = "1.0 to 1.4" belong below the name.',
    )
    return f"{kind}.toml", "\n".join((*lines, text.rstrip(), _ADVICE.replace("{file}", wanted.main.name)))


def _with_forms(wanted: EnteredForm, steps: list[FormRecipe], artifact: Artifact | None) -> list[FormRecipe]:
    rules = None if artifact is None else rules_of(artifact)
    if rules is None:
        return steps
    return [{**step, "form": _form(wanted, step, rules)} for step in steps]


def _form(wanted: EnteredForm, step: FormRecipe, rules: Rules) -> str:
    """Return the form that a file had, where nobody said which it has to have."""
    name: str = step["save"]
    if step["form"] != "auto":
        return str(step["form"])
    came = rules.main if name == wanted.main.name else name
    found = rules.forms.get(came)
    if found is None:
        return "auto"
    is_packed_tar = found is Form.GZIP and re.search(r"\.(tar\.gz|tgz|taz)$", came.lower())
    return "tgz" if is_packed_tar else _FORMS.get(found, found.value)


def _without_keys(document: FormRecipe) -> FormRecipe:
    """Return the recipe with a field in place of each key that stands in an address."""
    steps = {phase: [_step(step) for step in document.get(phase, ())] for phase in ("open", "fetch")}
    changed = {phase: found for phase, found in steps.items() if found}
    has_key = any(f"{{{_KEY_IN_ADDRESS}}}" in step["request"] for found in steps.values() for step in found)
    field: dict[str, Any] = {"key": _KEY_IN_ADDRESS, "kind": "secret", "required": True}
    return {**document, **changed, "field": [*document["field"], *([field] if has_key else [])]}


def _step(step: FormRecipe) -> FormRecipe:
    parts = re.split(r"([/?&=])", step["request"])
    return {**step, "request": "".join(f"{{{_KEY_IN_ADDRESS}}}" if looks_like_key(part) else part for part in parts)}
