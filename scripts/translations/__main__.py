"""Writes Home Assistant's translation files: `python -m scripts.translations`."""

from . import TRANSLATIONS, files

for language, content in files().items():
    (TRANSLATIONS / f"{language}.json").write_text(content, encoding="utf-8")
