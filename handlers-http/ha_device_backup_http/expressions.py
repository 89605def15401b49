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

from .expression_syntax import Alternation, Atom, ExpressionError, Node, Parsed, Repeat, Sequence, parse_expression

_MOST_ATOMS = 1_000
_MOST_STEPS = 20_000
_MOST_LINKS = 150_000
"""From one atom to those that may follow it."""
_MOST_REMEMBERED = 10_000
_MOST_WORK = 10_000_000
"""Atoms that are looked at by one expression in all the lines it is looked for in; that takes seconds."""


class Expression:
    """A regular expression that is looked for in lines."""

    def __init__(self, source: str | Parsed) -> None:
        """Prepare it, parsed or not; raise ExpressionError for what cannot be used."""
        parsed = parse_expression(source) if isinstance(source, str) else source
        self._at_start, self._at_end = parsed.at_start, parsed.at_end
        self._builder = _Builder()
        whole = self._builder.build(parsed.node)
        self._nullable, self._first, self._last = whole.nullable, whole.first, whole.last
        self._known: dict[tuple[int, str], tuple[int, bool]] = {}
        self._matching: dict[str, int] = {}
        self._work = _MOST_WORK

    @property
    def is_everywhere(self) -> bool:
        """Whether it is found in every line, since it may be empty."""
        return self._nullable and not (self._at_start and self._at_end)

    def found_in(self, line: str) -> bool:
        """Return whether it is found in the line; raise ExpressionError where that takes too long."""
        if self.is_everywhere:
            return True
        accepted = self._nullable and not line
        possible = self._first
        for sign in line:
            if not possible:
                return False
            possible, accepted = self._step(possible, sign)
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
        possible = self._first
        for at in range(start, len(line)):
            if not possible:
                return
            possible, accepted = self._step(possible, line[at])
            if accepted:
                yield at + 1

    def _step(self, possible: int, sign: str) -> tuple[int, bool]:
        """Return which atoms may come next, and whether the expression may end here."""
        known = self._known.get((possible, sign))
        if known is not None:
            return known
        matched = possible & self._atoms_matching(sign)
        following = 0 if self._at_start else self._first
        self._spend(1 + matched.bit_count())
        for number in _numbers(matched):
            following |= self._builder.following[number]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[possible, sign] = step = following, bool(matched & self._last)
        return step

    def _atoms_matching(self, sign: str) -> int:
        known = self._matching.get(sign)
        if known is None:
            self._spend(len(self._builder.atoms))
            known = sum(1 << number for number, atom in enumerate(self._builder.atoms) if atom.matches(sign))
            if len(self._matching) >= _MOST_REMEMBERED:
                self._matching.clear()
            self._matching[sign] = known
        return known

    def _spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise ExpressionError("costly")


class _Part:
    """A part of an expression: the atoms that it can begin and end with, each a bit."""

    def __init__(self, first: int = 0, last: int = 0, *, nullable: bool = True) -> None:
        self.first, self.last, self.nullable = first, last, nullable


class _Builder:
    """Numbers the atoms and finds which may follow which."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.following: list[int] = []
        self._steps = 0
        self._links = 0

    def build(self, node: Node) -> _Part:
        """Return the part that a node of the syntax is."""
        self._steps += 1
        if self._steps > _MOST_STEPS or self._links > _MOST_LINKS or len(self.atoms) > _MOST_ATOMS:
            raise ExpressionError("large")
        match node:
            case Atom():
                return self._atom(node)
            case Sequence(nodes):
                part = _Part()
                for inner in nodes:
                    part = self._join(part, self.build(inner))
                return part
            case Alternation(nodes):
                parts = [self.build(inner) for inner in nodes]
                return _either(parts)
            case Repeat():
                return self._repeat(node)

    def _atom(self, atom: Atom) -> _Part:
        bit = 1 << len(self.atoms)
        self.atoms.append(atom)
        self.following.append(0)
        return _Part(bit, bit, nullable=False)

    def _repeat(self, repeat: Repeat) -> _Part:
        part = _Part()
        for _ in range(repeat.least):
            part = self._join(part, self.build(repeat.node))
        if repeat.most is None:
            again = self.build(repeat.node)
            self._follow(again.last, again.first)
            return self._join(part, _optional(again))
        for _ in range(repeat.most - repeat.least):
            part = self._join(part, _optional(self.build(repeat.node)))
        return part

    def _join(self, one: _Part, other: _Part) -> _Part:
        self._follow(one.last, other.first)
        return _Part(
            one.first | (other.first if one.nullable else 0),
            other.last | (one.last if other.nullable else 0),
            nullable=one.nullable and other.nullable,
        )

    def _follow(self, last: int, first: int) -> None:
        self._links += last.bit_count() if first else 0
        for number in _numbers(last if first else 0):
            self.following[number] |= first


def _either(parts: list[_Part]) -> _Part:
    first = last = 0
    for part in parts:
        first, last = first | part.first, last | part.last
    return _Part(first, last, nullable=any(part.nullable for part in parts))


def _optional(part: _Part) -> _Part:
    return _Part(part.first, part.last)


def _numbers(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
