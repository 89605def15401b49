"""The language of a terminal is what its system says."""

import pytest

from ha_device_backup_core.terminal_language import language_of


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
