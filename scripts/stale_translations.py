"""Lists sentences without a translation, and translations of sentences that are gone."""

import sys
from collections.abc import Iterator
from pathlib import Path

from ha_device_backup_core.testing.translations import faults_of_translations

from . import translations

ROOT = Path(__file__).parents[1]
PACKAGES = ("ha_device_backup_core", "custom_components/ha_device_backups", "handlers-*/ha_*")


def stale(root: Path = ROOT) -> Iterator[str]:
    """Return what is wrong, each with its place."""
    for pattern in PACKAGES:
        for package in sorted(root.glob(pattern)):
            for folder in sorted({file.parent.parent for file in package.rglob("translations/*.json")}):
                yield from (f"{folder.relative_to(root)}: {fault}" for fault in faults_of_translations(folder))
    english = dict.fromkeys(translations.written(translations.strings()))
    for language in translations.languages():
        said = translations.sentences(language)
        yield from (
            f"scripts/translations/{language}.json lacks “{sentence}”." for sentence in english if sentence not in said
        )
        yield from (
            f"scripts/translations/{language}.json translates “{one}”, which nothing says."
            for one in said
            if one not in english
        )


def main() -> int:
    """Print what is stale; return the exit status."""
    found = list(stale())
    print("\n".join(found) or f"Every sentence is there in {', '.join(['en', *translations.languages()])}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
