"""Words drawn by lot, and words that somebody gave."""

import string
from itertools import product
from random import Random

import pytest

from ha_device_backup_core.toolkit import is_drawn

_DIGITS = string.digits
_PLACES = ("livingroom", "kitchen", "schlafzimmer", "kueche", "woonkamer", "Garage", "Balkon", "Zolder", "office")
_THINGS = ("lamp", "strip", "Licht", "weihnachtsbaum", "boekenkast", "Shelf", "steckdose", "Ceiling")
_ENDINGS = ("left2", "Rechts", "12V", "2024", "ESP32", "Ws2812b", "v2Main")


@pytest.mark.parametrize(
    ("alphabet", "at_least"),
    [
        (string.ascii_lowercase + _DIGITS, 0.96),
        (string.ascii_uppercase + _DIGITS, 0.96),
        (string.ascii_letters + _DIGITS, 0.94),
        ("0123456789abcdef", 0.99),
        ("0123456789ABCDEF", 0.99),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 0.95),
        (string.ascii_letters, 0.90),
    ],
)
@pytest.mark.parametrize("length", [16, 24, 40])
def test_tokens_are_drawn(alphabet: str, at_least: float, length: int) -> None:
    random = Random(length)
    drawn = ["".join(random.choices(alphabet, k=length)) for _ in range(1000)]
    assert sum(map(is_drawn, drawn)) >= at_least * len(drawn)


def test_names_are_not() -> None:
    names = [place + thing + ending for place, thing, ending in product(_PLACES, _THINGS, _ENDINGS)]
    names += list(map(str.upper, names))
    taken = [name for name in names if is_drawn(name)]
    assert len(taken) <= len(names) / 100, taken


@pytest.mark.parametrize("word", ["", "x7Kq2mP9vL4nR8t", "0" * 40, "=" * 40, "2024112910450000", "ä" * 20])
def test_short_words_and_numbers_are_not(word: str) -> None:
    assert not is_drawn(word[:15])
    assert not is_drawn("0" * len(word))
