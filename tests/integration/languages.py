"""The languages of the integration: each is one file, and nothing else lists them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / "ha_device_backups" / "translations"
LANGUAGES = tuple(sorted(path.stem for path in TRANSLATIONS.glob("*.json")))


@cache
def texts_in(language: str) -> Mapping[str, Any]:
    """Return all texts in a language; they are read once, for each page of a flow looks at them."""
    texts: Mapping[str, Any] = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    return texts
