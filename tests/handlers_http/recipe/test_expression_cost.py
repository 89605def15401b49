"""Expressions of a recipe are counted together, and each is counted without being made."""

import pytest

from ha_device_backup_http.automaton import Automaton
from ha_device_backup_http.recipe import load_recipe

from .test_loader import GOOD, mistakes

HEAVY = "(a?){540}"
"""Nearly as much as one may be."""


def with_errors(*bodies: str) -> str:
    """Return a recipe with an error by each expression."""
    return GOOD + "".join(f'[[error]]\nbody = "{body}"\nmeans = "busy"\n' for body in bodies)


def test_one_that_is_heavy_is_fair() -> None:
    assert load_recipe("pump.toml", with_errors(HEAVY, *[HEAVY] * 90).encode()).errors


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (with_errors(*(f"{HEAVY}{number}" for number in range(100))), 30, "error.body"),
        (
            GOOD + 'lines = [\n"' + '",\n"'.join(f"{HEAVY}{number}" for number in range(100)) + '",\n]\n',
            22,
            "compare.lines",
        ),
        (
            GOOD.replace(
                "[[compare]]",
                "".join(f'capture.a{number} = "regex:({HEAVY}){number}"\n' for number in range(100)) + "[[compare]]",
            ),
            18,
            "fetch.capture.a4",
        ),
    ],
)
def test_hundreds_of_them_are_too_much(text: str, line: int, key: str) -> None:
    wrong = "all expressions together explode: they repeat too much within repeats"
    assert mistakes(text) == [f"pump.toml:{line}: {key}: {wrong}; write fewer, or simpler ones"]


def test_none_is_made_to_check_a_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(Automaton, "__init__", lambda _self, node: made.append(node))

    told = mistakes(with_errors(*(f"{HEAVY}{number}" for number in range(400))).replace("busy", "busi"))

    assert (len(told), made) == (200, [])
