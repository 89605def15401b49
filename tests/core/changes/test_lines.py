import random

import pytest

from ha_device_backup_core.changes.lines import Line, line_changes, lines_of
from ha_device_backup_core.changes.records import Change


def applied(before: list[str], after: list[str]) -> list[str]:
    """Return what becomes of the old lines by the changes."""
    changes = list(line_changes(lines_of("\n".join(before), None), lines_of("\n".join(after), None)))
    removed = {change.number - 1 for change in changes if change.change is Change.REMOVED}
    kept = [line for number, line in enumerate(before) if number not in removed]
    for change in changes:
        if change.change is Change.ADDED:
            kept.insert(change.number - 1, change.text)
    return kept


@pytest.mark.parametrize("seed", range(60))
def test_the_changes_lead_from_one_text_to_the_other(seed: int) -> None:
    chance = random.Random(seed)
    words = "abcdefgh"[: chance.randint(1, 8)]
    before = [chance.choice(words) for _ in range(chance.randrange(80))]
    after = list(before)
    for _ in range(chance.randrange(20)):
        place = chance.randint(0, len(after))
        after[place : place + chance.randrange(3)] = [chance.choice(words + "xyz")] * chance.randrange(3)
    assert applied(before, after) == after


def test_what_stays_is_found() -> None:
    before = [f"line {number}" for number in range(1000)]
    after = [*before[:300], "new", *before[301:700], *before[710:]]
    changes = list(line_changes([Line(text) for text in before], [Line(text) for text in after]))
    assert [(change.change, change.number) for change in changes] == [
        (Change.REMOVED, 301),
        (Change.ADDED, 301),
        *((Change.REMOVED, number) for number in range(701, 711)),
    ]


def test_a_mask_hides_which_secret_it_is_but_not_that_it_is_another() -> None:
    before = lines_of("key ***\nother ***", "key one\nother two")
    after = lines_of("key ***\nother ***", "key one\nother three")
    found = list(line_changes(before, after))
    assert [(change.number, change.text, change.masked) for change in found] == [
        (2, "other ***", True),
        (2, "other ***", True),
    ]


def test_texts_of_another_length_than_the_file_are_compared_as_they_are() -> None:
    assert lines_of("a\nb", "1") == [Line("a"), Line("b")]
