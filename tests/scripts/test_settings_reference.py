"""The page on settings is the one that Home Assistant's texts make."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from scripts import settings_reference

pytestmark = pytest.mark.once
FORMS = ("defaults", "device_options", "schedule", "reminder")


def fields(form: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of all fields of a form."""
    yield from form["data"].values()
    for section in form.get("sections", {}).values():
        yield from fields(section)


def test_the_page_is_current() -> None:
    assert settings_reference.PATH.read_text() == settings_reference.text(), "python -m scripts.settings_reference"


def test_every_setting_is_on_it() -> None:
    page = settings_reference.text()
    steps = json.loads(settings_reference.TEXTS.read_text())["options"]["step"]
    names = [name for form in FORMS for name in fields(steps[form])]
    assert names
    assert [name for name in names if f"| **{name}** | " not in page] == []
    assert "{" not in page
