"""The pages of the kinds say what the handlers say."""

import pytest

from ha_device_backup_core import in_language
from ha_device_backup_core.plugins.registry import load_handlers
from scripts.kinds_reference import COMMAND, DISTRIBUTION, FOLDER, INDEX, files

pytestmark = pytest.mark.once


def test_the_pages_are_made_of_what_the_handlers_say() -> None:
    made = files()
    assert {path for path, text in made.items() if not path.is_file() or path.read_text() != text} == set(), (
        f"run: {COMMAND}"
    )
    assert set(FOLDER.glob("*.md")) | {INDEX} == set(made)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("wled", "`ha-device-backup-wled` comes with the integration."),
        ("pihole", "`ha-device-backup-http` is installed when you [choose the kind](../adding.md)."),
    ],
)
def test_every_page_says_how_its_package_comes(kind: str, said: str) -> None:
    introduction = (FOLDER / f"{kind}.md").read_text().partition("\n## ")[0]
    assert said in introduction


def test_every_kind_says_what_is_in_a_backup_and_what_is_not() -> None:
    made = files()
    for handler in load_handlers().handlers.values():
        if not handler.distribution.startswith(DISTRIBUTION):
            continue
        page = made[FOLDER / f"{handler.kind}.md"]
        holds = page.partition("## What is in a backup\n")[2].partition("\n## What is not\n")[0]
        assert holds.strip(), handler.kind
        lacks = page.partition("\n## What is not\n")[2].partition("\n## ")[0]
        assert [text for text in handler.spec.omits if in_language(text).split()[0] not in lacks] == [], handler.kind
        assert page.partition("## Putting it back\n")[2].strip(), handler.kind


def test_fields_are_called_as_the_form_calls_them() -> None:
    entered = files()[FOLDER / "pihole.md"].partition("## What you enter\n")[2].partition("\n## ")[0]
    assert "| **Address** | needed | The address at which you open the device in a browser. |" in entered
    assert "| **Password** | needed |" in entered
