import sys
from pathlib import Path

import pytest

from ha_device_backup_core.catalogs import read_catalogs, register, translated

from .catalog_package import installed_catalogs

PACKAGE = "odd_translations"


def test_odd_files_translate_nothing_and_spoil_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "de.json": {"Open it.": "Öffne sie.", "Close it.": 5},
        "fr.json": b"{",
        "nl.json": ["Open it."],
        "it.json": b"\xff\xfe",
        "es.json": b"[" * 100_000,
        "README.md": b"Open it.",
        "..json": {"Open it.": "?"},
    }
    with installed_catalogs(PACKAGE, files, tmp_path, monkeypatch):
        register(PACKAGE)
        read_catalogs()
        said = {language: translated(PACKAGE, "Open it.", language) for language in ("de", "fr", "nl", "it", "es", ".")}
        assert said == {"de": "Öffne sie."} | dict.fromkeys(("fr", "nl", "it", "es", "."))
        assert translated(PACKAGE, "Close it.", "de") is None


def test_a_package_that_is_only_named_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with installed_catalogs(PACKAGE, {"de.json": {"Open it.": "Öffne sie."}}, tmp_path, monkeypatch):
        assert translated(PACKAGE, "Open it.", "de") is None
        assert PACKAGE not in sys.modules
        register(PACKAGE)
        assert translated(PACKAGE, "Open it.", "de") == "Öffne sie."


def test_a_package_that_is_gone_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with installed_catalogs(PACKAGE, {}, tmp_path, monkeypatch):
        pass
    register(PACKAGE)
    try:
        assert translated(PACKAGE, "Open it.", "de") is None
    finally:
        with installed_catalogs(PACKAGE, {}, tmp_path / "again", monkeypatch):
            pass
