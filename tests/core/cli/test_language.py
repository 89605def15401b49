"""The language of a terminal is what its system says."""

import pytest

from ha_device_backup_core.cli.language import language_of


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_CH.UTF-8"}, "de-CH"),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "de_DE"}, "de-DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro", "LC_ALL": ""}, "de-DE"),
        ({"LANG": "POSIX"}, "en"),
    ],
)
def test_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language
