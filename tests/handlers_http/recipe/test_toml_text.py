"""What is no TOML is told line by line, as far as it is certain where the next mistake begins."""

import pytest

from .test_loader import GOOD, mistakes


def told(text: str) -> list[tuple[int, str]]:
    """Return the line of each mistake and what is wrong there."""
    found = (line.removeprefix("pump.toml:").split(": ") for line in mistakes(text))
    return [(int(line), wrong.partition(";")[0]) for line, _key, _toml, wrong in found]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {'"pump"': "pump", 'request = "POST /login"': 'request "POST /login"'},
            [(2, "this is no value"), (9, "there is no = behind a key")],
        ),
        (
            {'"pump"': '"pump', "[[open]]": "[[open", '"settings.json"\n[[': "settings.json # [\n[["},
            [
                (2, "a text has no end on its line"),
                (8, "the name of a table has no end"),
                (13, "this is no value"),
            ],
        ),
        (
            {'base = "{url}"': 'name = "x"', "[[compare]]": "[fetch]"},
            [(4, "this key stands twice"), (14, "this table stands twice")],
        ),
        (
            {'"Pump"': "'it's'", '"settings.json"\n[[': "'settings.json\n[["},
            [(3, "something stands behind a value"), (13, "a text has no end on its line")],
        ),
        (
            {'"GET /settings/{sid}"': '"\\d"', '"Pump"': "“Pump”"},
            [(3, "this is no value"), (12, "a backslash stands alone")],
        ),
        # Where a list, a table in braces or a long text went wrong, nobody knows where the next mistake begins.
        ({'"Pump"': '[ "a"', '"settings.json"': "settings.json"}, [(4, "a list has no end")]),
        ({'"Pump"': '"""a', '"settings.json"': "settings.json"}, [(16, "a text has no end")]),
        ({'"Pump"': "'''a", '"settings.json"': "settings.json"}, [(3, "a text has no end")]),
        ({'"Pump"': '[\n"a",\n/b,\n"c"]', '"settings.json"': "settings.json"}, [(5, "this is no value")]),
        ({'"Pump"': "{\na = 1\n}", '"settings.json"': "settings.json"}, [(3, "there is no key")]),
    ],
)
def test_each_line_with_a_mistake(changes: dict[str, str], found: list[tuple[int, str]]) -> None:
    text = GOOD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)

    assert told(text) == found


def test_what_is_told_is_bounded() -> None:
    wrong = "".join(f"a{number} = b\n" for number in range(100))

    assert [line for line, _wrong in told(GOOD + wrong)] == list(range(17, 37))
    # Each look at a large text costs much.
    assert [line for line, _wrong in told("#" * 1_000_000 + "\n" + wrong)] == [2, 3]
