"""Everything that people read is there in English and German, and the README explains every field."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import ha_device_backup_http
from ha_device_backup_core import ConfigField, Text
from ha_device_backup_http import HttpHandler, field_texts, plan_texts, texts, validation_texts

README = Path(ha_device_backup_http.__file__).parents[1] / "README.md"
SAME_IN_BOTH = {"URL", "Token", "Token (Bearer)", "Header", "Name", "Anything with a URL"}


def shown() -> Iterator[Text]:
    """Return what is shown before a device is asked."""
    spec = HttpHandler.spec
    yield from (spec.name, *spec.omits, *spec.restore_guide)
    for declared in spec.fields:
        yield from (declared.label, declared.help)
    for module in (field_texts, plan_texts, texts, validation_texts):
        yield from (value for value in vars(module).values() if isinstance(value, Mapping) and "en" in value)


def test_every_text_is_there_in_both_languages() -> None:
    for text in shown():
        assert isinstance(text, Mapping)
        assert text.keys() == {"en", "de"}
        assert text["en"] != text["de"] or text["en"] in SAME_IN_BOTH


@pytest.mark.parametrize("declared", HttpHandler.spec.fields, ids=lambda declared: declared.key)
def test_every_field_is_explained(declared: ConfigField) -> None:
    assert isinstance(declared.label, Mapping)
    table = README.read_text().partition("## Fields")[2].partition("### Logins")[0]
    assert any(declared.label["en"] in line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
