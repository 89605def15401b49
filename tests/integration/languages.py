"""The languages of the integration: each is one file, and nothing else lists them."""

from pathlib import Path

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / "ha_device_backups" / "translations"
LANGUAGES = tuple(sorted(path.stem for path in TRANSLATIONS.glob("*.json")))
