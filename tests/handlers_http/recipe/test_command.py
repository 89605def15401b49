"""`ha-device-backup recipe`: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest

from ha_device_backup_core.cli.terminal import Terminal
from ha_device_backup_http.recipe.command import recipe
from ha_device_backup_http.recipe.packages import recipe_files

PIHOLE = recipe_files("ha_device_backup_http")["pihole.toml"]


def run(*arguments: object) -> tuple[int, list[str]]:
    said: list[str] = []
    return recipe([str(argument) for argument in arguments], said.append, Terminal()), said


def test_good_recipe(tmp_path: Path) -> None:
    file = tmp_path / "pihole.toml"
    file.write_bytes(PIHOLE)

    assert run("check", file) == (0, [f"{file}: nothing is wrong; pihole keeps teleporter.zip"])


def test_each_mistake_is_a_line(tmp_path: Path) -> None:
    file = tmp_path / "pihole.toml"
    content = PIHOLE.replace(b'form = "zip"', b'form = "zap"').replace(b"[headers]", b"[header]")
    file.write_bytes(content)
    lines = content.splitlines()
    status, said = run("check", file)

    assert status == 1
    assert said == [
        f"{file}:{lines.index(b'[header]') + 1}: header: there is no key “header” here; did you mean headers?",
        f"{file}:{lines.index(b'form = "zap"') + 1}: fetch.form: there is no “zap”; did you mean zip?",
    ]


@pytest.mark.parametrize("name", ["missing.toml", "", "folder", "nul\0l"])
def test_no_file_is_wrong_usage(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    status, said = run("check", f"{tmp_path}/{name}")

    assert (status, len(said)) == (2, 1)


@pytest.mark.parametrize(
    "arguments",
    [(), ("check",), ("chek", "a"), ("check", "--all")],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    status, said = run(*arguments)

    assert (status, said[0].splitlines()[0]) == (2, "Usage: ha-device-backup recipe COMMAND")


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ((), "the following arguments are required: file"),
        (("a", "--set"), "argument --set: expected one argument"),
        (("a", "--all", "b"), "unrecognized arguments: --all b"),
        (("a", "--pause", "long"), "argument --pause: invalid float value: 'long'"),
    ],
)
def test_wrong_usage_of_try_is_told(arguments: tuple[str, ...], wrong: str) -> None:
    status, said = run("try", *arguments)

    assert (status, said[0].splitlines()[:2]) == (2, [wrong, "Usage: ha-device-backup recipe COMMAND"])


@pytest.mark.parametrize("arguments", [("--help",), ("try", "--help")])
def test_help(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 0


def test_schema() -> None:
    status, said = run("schema")

    assert (status, json.loads(said[0])["$schema"]) == (0, "https://json-schema.org/draft/2020-12/schema")
