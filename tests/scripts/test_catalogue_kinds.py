"""The catalogue knows the kinds of its packages by the names that their handlers have."""

import json

import pytest

from ha_device_backup_core import in_language
from ha_device_backup_core.plugins.registry import load_handlers
from scripts.catalogue_kinds import COMMAND, PATH, content

pytestmark = pytest.mark.once


def test_the_file_is_made_of_what_the_handlers_say() -> None:
    assert PATH.read_text(encoding="utf-8") == content(), f"run: {COMMAND}"


def test_every_kind_that_does_not_come_with_the_integration_is_there_in_every_language() -> None:
    kinds = {kind: said for package in json.loads(content()).values() for kind, said in package.items()}
    handlers = load_handlers().handlers

    assert kinds["pihole"] == {"name": {"en": "Pi-hole 6"}, "maker": "Pi-hole"}
    assert kinds["linux_ssh"]["name"] == {
        language: in_language(handlers["linux_ssh"].spec.name, language) for language in ("en", "de", "nl")
    }
    assert len({*kinds["linux_ssh"]["name"].values()}) == 3
