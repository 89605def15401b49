"""How large the automaton of an expression will be, counted without making it; pure."""

from collections.abc import Sequence as Several
from dataclasses import dataclass

from .expression_syntax import Alternation, Atom, Node, Repeat, Sequence

_MOST_ATOMS = 1_000
_MOST_STEPS = 20_000
_MOST_LINKS = 150_000
"""From the atoms that may end a part to what follows it."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a part of an expression is, counted without making it."""

    steps: int = 1
    atoms: int = 0
    links: int = 0
    first: int = 0
    last: int = 0
    nullable: bool = True

    @property
    def is_too_large(self) -> bool:
        """Return whether nothing is made of it."""
        return self.steps > _MOST_STEPS or self.atoms > _MOST_ATOMS or self.links > _MOST_LINKS


def size_of(node: Node) -> Size:
    """Return how large the automaton of an expression is; takes no longer for what is repeated more often."""
    match node:
        case Atom():
            return Size(atoms=1, first=1, last=1, nullable=False)
        case Sequence(nodes):
            whole = Size()
            for inner in nodes:
                whole = _followed(whole, size_of(inner))
            return whole
        case Alternation(nodes):
            return _one_of([size_of(inner) for inner in nodes])
    return _repeated(node, size_of(node.node))


def _followed(one: Size, other: Size) -> Size:
    return Size(
        steps=one.steps + other.steps,
        atoms=one.atoms + other.atoms,
        links=one.links + other.links + (one.last if other.first else 0),
        first=one.first + (other.first if one.nullable else 0),
        last=other.last + (one.last if other.nullable else 0),
        nullable=one.nullable and other.nullable,
    )


def _one_of(sizes: Several[Size]) -> Size:
    return Size(
        steps=1 + sum(size.steps for size in sizes),
        atoms=sum(size.atoms for size in sizes),
        links=sum(size.links for size in sizes),
        first=sum(size.first for size in sizes),
        last=sum(size.last for size in sizes),
        nullable=any(size.nullable for size in sizes),
    )


def _repeated(repeat: Repeat, once: Size) -> Size:
    whole = _times(Size(), once, repeat.least)
    if repeat.most is not None:
        return _times(whole, _optional(once), repeat.most - repeat.least)
    again = _optional(once)
    whole = _followed(whole, again)
    return Size(whole.steps, whole.atoms, whole.links + once.last, whole.first, whole.last, whole.nullable)


def _times(before: Size, part: Size, times: int) -> Size:
    """Return what comes before, followed by a part several times."""
    if not times:
        return before
    if part.nullable:
        # Whatever came before may end it, too: its ends add up.
        links = times * before.last + part.last * times * (times - 1) // 2
        last, first = before.last + times * part.last, before.first + (times * part.first if before.nullable else 0)
    else:
        links = before.last + (times - 1) * part.last
        last, first = part.last, before.first + (part.first if before.nullable else 0)
    return Size(
        steps=before.steps + times * part.steps,
        atoms=before.atoms + times * part.atoms,
        links=before.links + times * part.links + (links if part.first else 0),
        first=first,
        last=last,
        nullable=before.nullable and part.nullable,
    )


def _optional(size: Size) -> Size:
    return Size(size.steps, size.atoms, size.links, size.first, size.last, nullable=True)
