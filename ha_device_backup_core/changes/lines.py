"""Lines that were removed or added; what it takes grows with the texts, whatever is in them; pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ha_device_backup_core.hiding import for_people, hides

from .records import LONGEST_TEXT, Change, LineChange

LARGEST_TEXT = 4 * 1024 * 1024
_DEEPEST = 8
"""How often a stretch without common lines is looked at anew, between those that were found."""
_SMALL = 48
"""Lines of a stretch in which the library looks for the best; it may need the cube of that."""
_MOST_SEARCHES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown and, where something in it is hidden, as it is."""

    shown: str
    raw: str | None = None

    @property
    def is_masked(self) -> bool:
        """Return whether something in it is hidden."""
        return self.raw is not None or hides(self.shown)


def lines_of(shown: str, raw: str | None) -> list[Line]:
    """Return the lines; where there are as many as in the file, a hidden part is told apart by what it hides."""
    texts = shown.splitlines()
    files = [] if raw is None else raw.splitlines()
    if len(files) != len(texts):
        return [Line(text) for text in texts]
    return [Line(text, None if text == file else file) for text, file in zip(texts, files, strict=True)]


def line_changes(before: Sequence[Line], after: Sequence[Line]) -> Iterator[LineChange]:
    """Return the lines that were removed and added, in the order of the texts."""
    search = _Search(before, after)
    for removed, added in search.gaps():
        for number in removed:
            yield _change(Change.REMOVED, number, before[number])
        for number in added:
            yield _change(Change.ADDED, number, after[number])


def _change(change: Change, number: int, line: Line) -> LineChange:
    text = for_people(line.shown)
    shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return LineChange(change=change, number=number + 1, text=shown, masked=line.is_masked)


class _Search:
    """Looks for what two texts have in common: both ends, then lines that come once, then small stretches."""

    def __init__(self, before: Sequence[Line], after: Sequence[Line]) -> None:
        numbers: dict[Line, int] = {}
        self._old = [numbers.setdefault(line, len(numbers)) for line in before]
        self._new = [numbers.setdefault(line, len(numbers)) for line in after]
        self._searches = _MOST_SEARCHES

    def gaps(self) -> Iterator[tuple[range, range]]:
        """Return the stretches that have nothing in common."""
        return self._between(range(len(self._old)), range(len(self._new)), 0)

    def _between(self, old: range, new: range, depth: int) -> Iterator[tuple[range, range]]:
        old, new = self._without_ends(old, new)
        if not old or not new or depth == _DEEPEST:
            if old or new:
                yield old, new
            return
        common = self._once(old, new)
        if not common:
            yield from self._small(old, new)
            return
        last_old, last_new = old.start, new.start
        for place_old, place_new in [*common, (old.stop, new.stop)]:
            yield from self._between(range(last_old, place_old), range(last_new, place_new), depth + 1)
            last_old, last_new = place_old + 1, place_new + 1

    def _without_ends(self, old: range, new: range) -> tuple[range, range]:
        start, most = 0, min(len(old), len(new))
        while start < most and self._old[old.start + start] == self._new[new.start + start]:
            start += 1
        end = 0
        while end < most - start and self._old[old.stop - 1 - end] == self._new[new.stop - 1 - end]:
            end += 1
        return range(old.start + start, old.stop - end), range(new.start + start, new.stop - end)

    def _once(self, old: range, new: range) -> list[tuple[int, int]]:
        """Return lines that come once in both, as many as are in the same order in both."""
        olds = Counter(self._old[place] for place in old)
        news = Counter(self._new[place] for place in new)
        places = {self._new[place]: place for place in new}
        pairs = [(place, places[line]) for place in old if olds[line := self._old[place]] == 1 and news.get(line) == 1]
        return _longest_rising(pairs)

    def _small(self, old: range, new: range) -> Iterator[tuple[range, range]]:
        if max(len(old), len(new)) > _SMALL or not self._searches:
            yield old, new
            return
        self._searches -= 1
        matcher = SequenceMatcher(
            None, self._old[old.start : old.stop], self._new[new.start : new.stop], autojunk=False
        )
        for tag, old_start, old_stop, new_start, new_stop in matcher.get_opcodes():
            if tag != "equal":
                yield (
                    range(old.start + old_start, old.start + old_stop),
                    range(new.start + new_start, new.start + new_stop),
                )


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest row of pairs in which the second rises as the first does."""
    ends: list[int] = []
    rows: list[int] = []
    before: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        before.append(rows[at - 1] if at else None)
        ends[at : at + 1] = [place]
        rows[at : at + 1] = [number]
    found = []
    last = rows[-1] if rows else None
    while last is not None:
        found.append(pairs[last])
        last = before[last]
    return found[::-1]
