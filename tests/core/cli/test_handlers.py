from pathlib import Path

import pytest

from ha_device_backup_core.cli.installed import RECIPES

from ..distributions import SitePackages
from .conftest import Answer, Command

EXAMPLE = {
    "kind": "example",
    "name": "Example",
    "distribution": "example-plugin",
    "version": "2.1",
    "api_version": "1.0",
    "capabilities": ["back_up", "restore"],
    "fields": [
        {"key": "host", "kind": "host", "required": True, "label": "Host"},
        {"key": "port", "kind": "port", "required": False, "label": "Port"},
        {"key": "password", "kind": "secret", "required": False, "label": "Password"},
        {"key": "certificate", "kind": "certificate", "required": False, "label": "Certificate"},
        {"key": "secure", "kind": "boolean", "required": False, "label": "TLS"},
    ],
    "omits": ["Wi-Fi password"],
}


def test_handlers_for_programs(command: Command) -> None:
    answer = command("handlers", "--json")

    assert answer.status == 0
    assert [found for found in answer.json["handlers"] if found["kind"] == "example"] == [EXAMPLE]
    assert answer.json["problems"] == []


def test_handlers_for_people(command: Command) -> None:
    answer = command("handlers")

    assert (answer.status, answer.errors) == (0, "")
    rows = [line.split() for line in answer.output.splitlines()]
    assert rows[0] == ["Kind", "Name", "Package", "Version", "API", "Capabilities"]
    assert ["example", "Example", "example-plugin", "2.1", "1.0", "back", "up,", "restore"] in rows


def test_problems_are_told_beside_what_works(command: Command, site: SitePackages) -> None:
    site.install("bad-plugin", "raise RuntimeError('no luck')")
    message = "bad-plugin 1.0 cannot be imported (RuntimeError: no luck). Update it, or report this to its author."

    people, programs = command("handlers"), command("handlers", "--json")

    assert (people.status, people.errors) == (1, f"{message}\n")
    assert "example-plugin" in people.output
    assert programs.status == 1
    assert programs.json["problems"] == [
        {
            "kind": "import_failed",
            "distribution": "bad-plugin",
            "version": "1.0",
            "handler_kind": "bad_plugin",
            "message": message,
        }
    ]


def test_nothing_installed(command: Command, site: SitePackages) -> None:
    with site.on_path():
        (site.folder / "example_plugin-2.1.dist-info" / "entry_points.txt").unlink()
        answer = command("handlers")
    assert answer.output == "No handlers are installed; try: pip install ha-device-backup-wled\n"
    assert answer.status == 0


def test_what_had_a_kind_in_the_store_keeps_it(
    command: Command, site: SitePackages, login: list[str], store: Path
) -> None:
    assert command("back-up", "example", "--store", store, *login).status == 0
    site.install("aaa-plugin", None, entry_points="[ha_device_backup]\nmine = tests.core.example_handler\n")

    assert owner(command("handlers", "--json")) == "aaa-plugin"
    answer = command("back-up", "example", "--store", store, *login, "--json")
    assert (answer.status, answer.json["outcome"]) == (0, "unchanged")
    device = command("list", "--store", store, "--json").json["devices"][0]
    restored = command("restore", device["backups"][0]["id"], "--store", store, *login, "--json")
    assert restored.status == 0, restored


def owner(answer: Answer) -> str:
    (found,) = [handler for handler in answer.json["handlers"] if handler["kind"] == "example"]
    return str(found["distribution"])


@pytest.mark.parametrize("name", ["recipes", "a file"])
def test_a_folder_for_recipes_that_is_none_is_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "a file").touch()
    folder = tmp_path / name
    monkeypatch.setenv(RECIPES, str(folder))

    for arguments in (("handlers",), ("handlers", "--json"), ("test", "example", "--set", "host=127.0.0.1")):
        answer = command(*arguments)
        assert (answer.status, answer.errors.splitlines()[0]) == (2, f"{RECIPES} names {folder}, which is no folder.")

    folder.unlink(missing_ok=True)
    folder.mkdir()
    assert command("handlers").status == 0
