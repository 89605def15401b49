"""Platforms are checked when they are read, all mistakes at once."""

from importlib import resources

import pytest

from ha_device_backup_core import in_language
from ha_device_backup_ssh.loader import PlatformError, load_platform

from .conftest import HANDLERS

FIRST = 'kind = "rain_ssh"\nname = "Rain"\n'
OUTPUT = '[[output]]\nname = "a.txt"\ncommand = "cat a"\n'
GUIDE = 'guide = ["Put it back."]\n'


def test_every_platform_is_a_kind_with_a_page() -> None:
    folder = resources.files("ha_device_backup_ssh")
    pages = {path.name for path in (folder / "../docs").iterdir()}
    assert {f"{handler.platform.page}.md" for handler in HANDLERS.values()} == pages
    assert all(kind.endswith("_ssh") for kind in HANDLERS)
    for handler in HANDLERS.values():
        for text in (handler.spec.name, *handler.spec.omits, *handler.spec.restore_guide):
            spoken = [in_language(text, language) for language in ("en", "de", "nl")]
            assert isinstance(text, str) or len(set(spoken)) > 1 or text.english == spoken[1], spoken


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("kind =", ["this is no TOML (Invalid value (at end of document))"]),
        (
            FIRST,
            ["either tree or output says what is kept", "guide is missing: how a person puts a backup back"],
        ),
        ('kind = "a_ssh"\n', ["name is missing", "name: a text, or a table with en"]),
        (
            f'{FIRST}colour = "red"\npage = 5\n[[ask]]\nexpect = "x"\n[[output]]\nname = "a"\n[put]\n',
            [
                (
                    "there is no key colour; known are kind, name, manufacturer, username, page, shell, untested, "
                    "seconds, omits, guide, ask, device, output, tree, put"
                ),
                "page has to be str",
                "ask 1: either command or files",
                "output 1: command is missing",
                "put: command is missing",
            ],
        ),
        (f'{FIRST}{GUIDE}ask = ["x"]\n{OUTPUT}', ["ask 1: this has to be a table"]),
        (f"{FIRST}guide = [{{ de = 'x' }}]\n{OUTPUT}", ["guide: each is a table with en"]),
        (f'{FIRST}{GUIDE}[device]\nname = ["host"]\n{OUTPUT}', ["device: nothing captures host"]),
        (
            f'{FIRST}{GUIDE}[[output]]\nname = "../a"\ncommand = "x"\n',
            ["output ../a: a name has letters, digits, . _ and -"],
        ),
        (f'{FIRST}{GUIDE}{OUTPUT}secret = ["x"]\n', ["x needs exactly one group"]),
        (f'{FIRST}[tree]\npaths = ["etc"]\n', ["tree: etc has to begin with /"]),
        (f'{FIRST}[tree]\npaths = ["/etc"]\n[put]\ncommand = "x"\n', ["put needs exactly one output"]),
    ],
)
def test_all_that_is_wrong_is_told(content: str, faults: list[str]) -> None:
    with pytest.raises(PlatformError) as caught:
        load_platform("rain.toml", content.encode())
    assert str(caught.value).splitlines() == [f"rain.toml: {fault}" for fault in faults]


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(PlatformError, match=r"rain\.toml: unterminated"):
        load_platform("rain.toml", f'{FIRST}{GUIDE}{OUTPUT}ignore = ["["]\n'.encode())
