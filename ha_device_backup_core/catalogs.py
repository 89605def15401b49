"""The files with which packages translate their sentences: `translations/<language>.json` in a package."""

import json
import re
from collections.abc import Mapping
from importlib import resources

type Catalogs = Mapping[str, Mapping[str, str]]
"""By language, English sentences to those of the language."""

FOLDER = "translations"
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,35}")
_registered: set[str] = set()
_read: dict[str, Catalogs] = {}


def register(package: str) -> None:
    """Note that a package has messages; what only a stored file names is never looked for."""
    _registered.add(package)


def read_catalogs() -> None:
    """Read the files of all packages that were imported since the last time; blocking."""
    for package in _registered - _read.keys():
        _read[package] = _catalogs_of(package)


def add_sentence(package: str, english: str, said: Mapping[str, str]) -> None:
    """Note how a sentence is said in other languages, by language, where no file of a package tells."""
    catalogs = dict(_read.get(package, {}))
    for language, words in said.items():
        catalogs[language] = {**catalogs.get(language, {}), english: words}
    _read[package] = catalogs


def translated(package: str, english: str, language: str) -> str | None:
    """Return the sentence in the language, in its base language, or None where it is in neither."""
    catalogs = _known(package)
    for candidate in (language, language.partition("-")[0]):
        if (words := catalogs.get(candidate, {}).get(english)) is not None:
            return words
    return None


def translations(package: str, english: str) -> dict[str, str]:
    """Return the sentence in all languages in which the package says it, by language."""
    return {language: said[english] for language, said in _known(package).items() if english in said}


def _known(package: str) -> Catalogs:
    if package not in _read and package in _registered:
        _read[package] = _catalogs_of(package)
    return _read.get(package, {})


def _catalogs_of(package: str) -> Catalogs:
    try:
        files = [file for file in (resources.files(package) / FOLDER).iterdir() if file.name.endswith(".json")]
    except (ImportError, OSError, TypeError, ValueError):
        return {}
    return {
        language: _catalog(file.read_bytes())
        for file in files
        if _LANGUAGE.fullmatch(language := file.name.removesuffix(".json"))
    }


def _catalog(content: bytes) -> Mapping[str, str]:
    """Return what a file holds; one that cannot be read translates nothing."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {english: words for english, words in document.items() if isinstance(words, str)}
