"""The language as JSON Schema, by which editors complete and check recipes; pure."""

from .language import RECIPE, TABLES
from .shapes import Schema
from .step_language import FORMAT

ADDRESS = "https://github.com/ha-device-backups/ha-device-backups/blob/main/docs/recipe.schema.json"


def schema() -> Schema:
    """Return the schema of a recipe."""
    definitions = {table.name: table.definition() for table in TABLES if table is not RECIPE}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": f"Recipe of Device Backups, format {FORMAT}",
        **RECIPE.definition(),
        "$defs": definitions,
    }
