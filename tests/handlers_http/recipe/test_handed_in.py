"""A recipe in a file of a person: its handler, and what is told of it before it is taken."""

import pytest

from ha_device_backup_core import in_language
from ha_device_backup_http import device_backup_facts_of_file, device_backup_handlers_of_file
from ha_device_backup_http.recipe import RecipeError, RecipeHandler
from ha_device_backup_http.recipe.packages import recipe_files

from .test_loader import GOOD


def told(name: str, text: str) -> list[str]:
    return [in_language(fact) for fact in device_backup_facts_of_file(name, text.encode())]


def test_recipe_has_a_handler_and_the_same_one_again() -> None:
    (handler,) = device_backup_handlers_of_file("pump.toml", GOOD.encode())
    assert isinstance(handler, type)
    assert issubclass(handler, RecipeHandler)
    assert handler.spec.kind == "pump"
    assert device_backup_handlers_of_file("pump.toml", GOOD.encode()) == (handler,)


def test_mistakes_are_lines() -> None:
    (error,) = device_backup_handlers_of_file("pump.toml", b"format = 1\nkind = 3")
    assert isinstance(error, RecipeError)
    assert str(error).startswith("pump.toml:2: kind: ") or "pump.toml:2: kind: " in str(error)
    assert told("pump.toml", "format = 1") == []


@pytest.mark.parametrize("name", ["pump.yaml", "pump", "pump.toml.bak"])
def test_other_files_are_of_others(name: str) -> None:
    assert device_backup_handlers_of_file(name, GOOD.encode()) == ()
    assert device_backup_facts_of_file(name, GOOD.encode()) == ()


def test_person_is_told_where_it_connects_and_what_it_sends() -> None:
    assert told("pump.toml", GOOD) == [
        "It connects to the address that you enter and nowhere else.",
        "To read, it sends: POST /login",
        "It keeps: settings.json",
        "It puts nothing back by itself: it tells a person how.",
    ]


def test_recipe_that_only_reads_and_puts_back() -> None:
    text = GOOD.replace('[[open]]\nrequest = "POST /login"\ncapture.sid = "json:/sid"\n', "").replace(
        "/settings/{sid}", "/settings"
    )
    text = (
        text.replace('name = "Pump"', 'name = "Pump"\nuntested = true')
        + """
[restore]
covers = ["settings.json"]
[[restore.step]]
request = "PUT /settings"
upload = "settings.json"
"""
    )
    assert told("pump.toml", text) == [
        "It connects to the address that you enter and nowhere else.",
        "To read, it sends nothing that changes anything.",
        "It keeps: settings.json",
        "It puts back settings.json, by: PUT /settings",
        "Its author says that it has not been tried with the real thing.",
    ]


def test_every_shipped_recipe_can_be_told() -> None:
    for name, content in recipe_files("ha_device_backup_http").items():
        assert len(told(name, content.decode())) >= 4, name
