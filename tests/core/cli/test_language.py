"""The language of a terminal is what its system says."""

from pathlib import Path

import pytest

from ha_device_backup_core.cli.language import language_of

from .conftest import Command


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_CH.UTF-8"}, "de-CH"),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "de_DE"}, "de-DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro", "LC_ALL": ""}, "de-DE"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "nl:de"}, "nl"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": ":de_AT:nl"}, "de-AT"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "C"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANGUAGE": "de"}, "en"),
    ],
)
def test_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_an_error_comes_in_the_language_of_the_person_and_documents_stay_english(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    arguments = ["back-up", "nothing", "--store", tmp_path, "--set", "host=x"]
    failed, for_programs = command(*arguments), command(*arguments, "--json")

    assert failed.errors.startswith(
        "nothing: failed. Das Paket, das dieses Gerät sichert, fehlt oder funktioniert nicht."
    )
    assert for_programs.json["error"]["message"].startswith("The package that backs up this device is missing")
