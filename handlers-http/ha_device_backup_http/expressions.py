"""Regular expressions that never hang, whatever the pattern and the text.

The search of Python's `re` tries one way after the other; for some patterns that takes years, and nothing else runs
meanwhile. Here all ways are followed at once (Glushkov's automaton), so the cost grows with the length of the text and
no faster. What needs more than an automaton (looking around, referring back) is refused.

The package `regex` (2026.11) knows more syntax, has a limit of time, and wheels for both architectures of Home
Assistant. Its search tries one way after the other, too: `(a|a)*$` in 40 letters, or `(a{1,30}){1,30}$` in 60, uses up
all the time it gets, and on a busy machine it got 6 to 9 seconds where 2 were allowed; here that takes 10 milliseconds.
Whether a backup is valid would depend on how busy the machine is, for a compiled package of 3 MB.
"""

from collections.abc import Iterator
from functools import cached_property

from .automaton import Automaton, automaton_of, numbers_of
from .expression_size import size_of
from .expression_syntax import ExpressionError, Parsed, parse_expression

_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 200
"""Letters of a line: longer ones are seldom twice in a file."""
_MOST_WORK = 10_000_000
"""Atoms that are looked at by one expression in all the lines it is looked for in; that takes seconds."""


class Expression:
    """A regular expression that is looked for in lines."""

    def __init__(self, source: str | Parsed) -> None:
        """Prepare it, parsed or not; raise ExpressionError for what cannot be used."""
        self._parsed = parse_expression(source) if isinstance(source, str) else source
        self._at_start, self._at_end = self._parsed.at_start, self._parsed.at_end
        size = size_of(self._parsed.node)
        if size.is_too_large:
            raise ExpressionError("large")
        self._nullable = size.nullable
        self._known: dict[tuple[int, str], tuple[int, bool]] = {}
        self._lines: dict[str, bool] = {}
        self._matching: dict[str, int] = {}
        self._work = _MOST_WORK

    @cached_property
    def _automaton(self) -> Automaton:
        """Built when something is looked for: whether it can be used is known without."""
        return automaton_of(self._parsed.node)

    @property
    def is_everywhere(self) -> bool:
        """Whether it is found in every line, since it may be empty."""
        return self._nullable and not (self._at_start and self._at_end)

    def found_in(self, line: str) -> bool:
        """Return whether it is found in the line; raise ExpressionError where that takes too long."""
        known = self._lines.get(line)
        if known is not None:
            return known
        found = self.is_everywhere or self._search(line)
        if len(line) <= _LONGEST_REMEMBERED:
            if len(self._lines) >= _MOST_REMEMBERED:
                self._lines.clear()
            self._lines[line] = found
        return found

    def _search(self, line: str) -> bool:
        accepted = self._nullable and not line
        possible = self._automaton.first
        known = self._known
        for sign in line:
            if not possible:
                return False
            # Looked up here, since a call for each sign takes twice as long.
            possible, accepted = known.get((possible, sign)) or self._step(possible, sign)
            if accepted and not self._at_end:
                return True
        return accepted

    def ends(self, line: str, start: int = 0) -> Iterator[int]:
        """Return where it may end in the line; one that is tied to its start begins at `start`, others anywhere."""
        if self._nullable and not self._at_start:
            yield from range(start, len(line) + 1)
            return
        if self._nullable:
            yield start
        possible = self._automaton.first
        for at in range(start, len(line)):
            if not possible:
                return
            possible, accepted = self._known.get((possible, line[at])) or self._step(possible, line[at])
            if accepted:
                yield at + 1

    def _step(self, possible: int, sign: str) -> tuple[int, bool]:
        """Return which atoms may come next, and whether the expression may end here."""
        matched = possible & self._atoms_matching(sign)
        following = 0 if self._at_start else self._automaton.first
        self._spend(1 + matched.bit_count())
        for number in numbers_of(matched):
            following |= self._automaton.following[number]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[possible, sign] = step = following, bool(matched & self._automaton.last)
        return step

    def _atoms_matching(self, sign: str) -> int:
        known = self._matching.get(sign)
        if known is None:
            self._spend(len(self._automaton.atoms))
            known = sum(1 << number for number, atom in enumerate(self._automaton.atoms) if atom.matches(sign))
            if len(self._matching) >= _MOST_REMEMBERED:
                self._matching.clear()
            self._matching[sign] = known
        return known

    def _spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise ExpressionError("costly")
