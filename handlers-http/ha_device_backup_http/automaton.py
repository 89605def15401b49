"""Glushkov's automaton of a regular expression; pure."""

from collections.abc import Iterator
from functools import lru_cache

from .expression_syntax import Alternation, Atom, Node, Repeat, Sequence


class _Part:
    """A part of an expression: the atoms that it can begin and end with, each a bit."""

    def __init__(self, first: int = 0, last: int = 0, *, nullable: bool = True) -> None:
        self.first, self.last, self.nullable = first, last, nullable


class Automaton:
    """The atoms of an expression by number, and which may follow which; a set of atoms is a number, each a bit."""

    def __init__(self, node: Node) -> None:
        """Make it of an expression that is not too large."""
        self.atoms: list[Atom] = []
        self.following: list[int] = []
        whole = self._build(node)
        self.first, self.last = whole.first, whole.last

    def _build(self, node: Node) -> _Part:
        match node:
            case Atom():
                return self._atom(node)
            case Sequence(nodes):
                part = _Part()
                for inner in nodes:
                    part = self._join(part, self._build(inner))
                return part
            case Alternation(nodes):
                parts = [self._build(inner) for inner in nodes]
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
            part = self._join(part, self._build(repeat.node))
        if repeat.most is None:
            again = self._build(repeat.node)
            self._follow(again.last, again.first)
            return self._join(part, _optional(again))
        for _ in range(repeat.most - repeat.least):
            part = self._join(part, _optional(self._build(repeat.node)))
        return part

    def _join(self, one: _Part, other: _Part) -> _Part:
        self._follow(one.last, other.first)
        return _Part(
            one.first | (other.first if one.nullable else 0),
            other.last | (one.last if other.nullable else 0),
            nullable=one.nullable and other.nullable,
        )

    def _follow(self, last: int, first: int) -> None:
        for number in numbers_of(last if first else 0):
            self.following[number] |= first


@lru_cache(maxsize=128)
def automaton_of(node: Node) -> Automaton:
    """Return the automaton of an expression, made once for the answers and files that it is looked for in."""
    return Automaton(node)


def _either(parts: list[_Part]) -> _Part:
    first = last = 0
    for part in parts:
        first, last = first | part.first, last | part.last
    return _Part(first, last, nullable=any(part.nullable for part in parts))


def _optional(part: _Part) -> _Part:
    return _Part(part.first, part.last)


def numbers_of(bits: int) -> Iterator[int]:
    """Return the numbers of the atoms in a set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
