"""Lists sentences without a translation, and translations of sentences that are gone."""

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ha_device_backup_core.testing.translations import faults_of_translations

from . import translations

ROOT = Path(__file__).parents[1]
INTEGRATION = Path("custom_components/ha_device_backups")
PACKAGES = ("ha_device_backup_core", f"{INTEGRATION}/packages", "handlers-*/ha_*", "agent/ha_*")
"""With a file for each language."""
RECIPES = "handlers-*/ha_device_backup_*/*/*.toml"
"""With tables by language; the platforms of SSH, too."""
APP = "agent/app"


def stale(root: Path = ROOT, languages: Iterable[str] | None = None) -> Iterator[str]:
    """Return what is wrong, each with its place; without `languages`, for those that the forms speak."""
    languages = translations.languages() if languages is None else languages
    for folder in (folder for pattern in PACKAGES for folder in sorted(root.glob(pattern))):
        place = folder.relative_to(root)
        yield from (f"{place}: {fault}" for fault in faults_of_translations(folder))
        yield from (f"{place} lacks {file}." for file in _lacking(folder, languages, "json"))
    yield from (f"{APP} lacks {file}." for file in _lacking(root / APP, languages, "yaml"))
    for file in sorted(root.glob(RECIPES)):
        for table in tables(tomllib.loads(file.read_text(encoding="utf-8"))):
            lacking = (language for language in languages if language not in table)
            yield from (f"{file.relative_to(root)} lacks “{table['en']}” in {language}." for language in lacking)
    offered = json.loads((root / INTEGRATION / "catalogue.json").read_bytes())
    in_offers = dict.fromkeys(entry[key] for entry in offered for key in ("name", "backs_up"))
    forms = dict.fromkeys(translations.written(translations.strings()))
    for language in languages:
        for catalog, english in ((f"{INTEGRATION}/packages/translations", in_offers), ("scripts/translations", forms)):
            yield from _compared(root, f"{catalog}/{language}.json", english)


def tables(value: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - whatever TOML holds
    """Return every table by language in a recipe or a platform."""
    match value:
        case {"en": str()}:
            yield value
        case dict():
            yield from (table for inner in value.values() for table in tables(inner))
        case list():
            yield from (table for inner in value for table in tables(inner))


def main() -> int:
    """Print what is stale; return the exit status."""
    found = list(stale())
    print("\n".join(found) or f"Every sentence is there in {', '.join(['en', *translations.languages()])}.")
    return 1 if found else 0


def _lacking(folder: Path, languages: Iterable[str], ending: str) -> Iterator[str]:
    names = (f"translations/{language}.{ending}" for language in languages)
    return (name for name in names if not (folder / name).is_file())


def _compared(root: Path, name: str, english: Mapping[str, None]) -> Iterator[str]:
    if not (root / name).is_file():
        yield f"{name} is not there."
        return
    said = translations.read_json(root / name)
    yield from (f"{name} lacks “{sentence}”." for sentence in english if sentence not in said)
    yield from (f"{name} translates “{one}”, which nothing says." for one in said if one not in english)


if __name__ == "__main__":
    sys.exit(main())
