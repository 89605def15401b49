"""Home Assistant's translation files, made from texts that are written once.

`strings.json` holds the English texts. `[%key:config::step::user::title%]` stands for the text or the group that is
written there, and `<<` takes all of a group into another one. Each other language is a file of English sentences to
its own. `python -m scripts.translations` makes the files that Home Assistant reads; a test keeps them current.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

type TranslatedStrings = dict[str, str | TranslatedStrings]

SOURCES: Final = Path(__file__).parent
TRANSLATIONS: Final = SOURCES.parents[1] / "custom_components" / "ha_device_backups" / "translations"
_STRINGS: Final = SOURCES / "strings.json"
_REFERENCE: Final = re.compile(r"\[%key:(.+)%\]")
_ONE_GAP: Final = re.compile(r"\W*\{\w+\}\W*")


def files() -> dict[str, str]:
    """Return what each language's file for Home Assistant holds."""
    english = resolved(strings())
    made = {"en": english, **{language: translated(english, sentences(language)) for language in languages()}}
    return {language: json.dumps(texts, ensure_ascii=False, indent=2) + "\n" for language, texts in made.items()}


def languages() -> list[str]:
    """Return the languages other than English."""
    return sorted(path.stem for path in SOURCES.glob("*.json") if path != _STRINGS)


def strings() -> TranslatedStrings:
    """Return the English texts with their references."""
    texts: TranslatedStrings = json.loads(_STRINGS.read_text(encoding="utf-8"))
    return texts


def sentences(language: str) -> dict[str, str]:
    """Return a language's sentences by the English ones."""
    found: dict[str, str] = read_json(SOURCES / f"{language}.json")
    return found


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a file holds; where a translator mistyped it, end with the line."""
    try:
        return json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise SystemExit(f"{path}:{error.lineno}: {error.msg}.") from None


def resolved(texts: TranslatedStrings) -> TranslatedStrings:
    """Return texts with what their references stand for."""
    return _group(texts, texts)


def translated(texts: TranslatedStrings, said: dict[str, str]) -> TranslatedStrings:
    """Return texts in another language, and what it does not say in English."""
    return {
        key: translated(value, said) if isinstance(value, dict) else said.get(value, value)
        for key, value in texts.items()
    }


def written(texts: TranslatedStrings) -> list[str]:
    """Return every text with words in it or with several gaps, as often as it is written; references are none."""
    found: list[str] = []
    for value in texts.values():
        if isinstance(value, dict):
            found += written(value)
        elif not _REFERENCE.fullmatch(value) and not _ONE_GAP.fullmatch(value):
            found.append(value)
    return found


def _group(group: TranslatedStrings, everything: TranslatedStrings) -> TranslatedStrings:
    result: TranslatedStrings = {}
    for key, value in group.items():
        whole = _whole(value, everything)
        if key == "<<" and isinstance(whole, dict):
            result |= whole
        else:
            result[key] = whole
    return result


def _whole(value: str | TranslatedStrings, everything: TranslatedStrings) -> str | TranslatedStrings:
    if isinstance(value, dict):
        return _group(value, everything)
    if not (reference := _REFERENCE.fullmatch(value)):
        return value
    named: str | TranslatedStrings = everything
    for part in reference[1].split("::"):
        if not isinstance(named, dict) or part not in named:
            raise KeyError(f"Nothing is written at {reference[1]}.")
        named = named[part]
    return _whole(named, everything)
