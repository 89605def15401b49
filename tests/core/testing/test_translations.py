"""Sentences and their translations, compared without running anything."""

import json
from pathlib import Path

import pytest

import ha_device_backup_core
from ha_device_backup_core.testing.translations import faults_of_translations

HEAD = "from ha_device_backup_core import translator\n_ = translator(__package__)\n"
RIGHT = {"Open it.": "Öffne sie.", "{name} is empty.": "{name} ist leer."}
SOURCE = HEAD + 'a = _("Open it.")\nb = _("{name} is"\n      " empty.", name=a)\n'


def package(folder: Path, source: str, catalog: object) -> Path:
    (folder / "translations").mkdir()
    (folder / "handler.py").write_text(source, encoding="utf-8")
    content = catalog if isinstance(catalog, str) else json.dumps(catalog)
    (folder / "translations" / "de.json").write_text(content, encoding="utf-8")
    return folder


def test_what_is_right(tmp_path: Path) -> None:
    assert faults_of_translations(package(tmp_path, SOURCE, RIGHT)) == ()


def test_a_package_in_one_language(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("for _ in range(3):\n    print(_(5))\n", encoding="utf-8")
    assert faults_of_translations(tmp_path) == ()


@pytest.mark.parametrize(
    ("source", "catalog", "fault"),
    [
        (SOURCE, {"Open it.": "Öffne sie."}, "translations/de.json lacks “{name} is empty.”."),
        (SOURCE, RIGHT | {"Open it.": " "}, "translations/de.json lacks “Open it.”."),
        (SOURCE, RIGHT | {"Open it.": 5}, "translations/de.json lacks “Open it.”."),
        (
            SOURCE,
            RIGHT | {"{name} is empty.": "{nahme} ist leer."},
            "translations/de.json: “{nahme} ist leer.” has other gaps than “{name} is empty.”.",
        ),
        (
            SOURCE,
            RIGHT | {"Close it.": "Schließe sie."},
            "translations/de.json translates “Close it.”, which nothing says.",
        ),
        (SOURCE, "[", "translations/de.json is no JSON object of English sentences to those of the language."),
        (SOURCE + "c = _(a)\n", RIGHT, "handler.py:6: _() needs its sentence right there, as one text."),
        (SOURCE + 'c = _("Open " + a)\n', RIGHT, "handler.py:6: _() needs its sentence right there, as one text."),
        (SOURCE + 'c = _(f"Open {a}")\n', RIGHT, "handler.py:6: _() needs its sentence right there, as one text."),
        (SOURCE + 'c = _("Open it.", name=a)\n', RIGHT, "handler.py:6: the gaps nothing are filled by name."),
        (SOURCE + 'c = _("{name} is empty.")\n', RIGHT, "handler.py:6: the gaps name are filled by nothing."),
    ],
)
def test_what_is_wrong(source: str, catalog: object, fault: str, tmp_path: Path) -> None:
    assert faults_of_translations(package(tmp_path, source, catalog)) == (fault,)


def test_gaps_that_only_the_program_knows(tmp_path: Path) -> None:
    assert faults_of_translations(package(tmp_path, SOURCE + 'c = _("{name} is empty.", **values)\n', RIGHT)) == ()


def test_the_core_is_translated() -> None:
    assert faults_of_translations(Path(ha_device_backup_core.__file__).parent) == ()
