"""The text of the one group of an expression, found in time that grows with the line and no faster; pure."""

from collections.abc import Callable, Iterator

from ..expression_syntax import Alternation, ExpressionError, Node, Parsed, Repeat, Sequence, parse_expression
from ..expressions import Expression
from ..translation import _
from .problems import Mistake, shown

LONGEST_LINE = 4096
_MOST_STARTS = 200
"""Places in a line at which a group may begin: each is followed to its end."""
_REASONS = {
    "syntax": _("it is no regular expression"),
    "unsupported": _("only groups, |, sets, repeats, ^ at the very start and $ at the very end are supported"),
    "large": _("it explodes: it is too long, or repeats too much within repeats"),
    "group": _("it has not one group (…) that is no part of another and not repeated"),
}


class Capture:
    """An expression with one group: `name="([^"]+)"`."""

    def __init__(self, source: str) -> None:
        """Prepare it; raise ExpressionError for what cannot be used, "group" where the group is not at its top."""
        self._whole = Expression(source)
        parsed = parse_expression(source)
        before, group, after = _split(parsed.node)
        self._before = Expression(Parsed(before, at_start=parsed.at_start, at_end=False))
        self._group = Expression(Parsed(group, at_start=True, at_end=False))
        self._after = Expression(Parsed(_reversed(after), at_start=parsed.at_end, at_end=False))
        self._is_short = any(node.is_lazy for node in _repeats(group))

    def found_in(self, line: str) -> str | None:
        """Return the text of the group, None where the expression is not found."""
        line = line[:LONGEST_LINE]
        if not self._whole.found_in(line):
            return None
        length = len(line)
        possible_ends = {length - end for end in self._after.ends(line[::-1])}
        for number, start in enumerate(self._before.ends(line)):
            if number == _MOST_STARTS:
                return None
            ends = (end for end in self._group.ends(line, start) if end in possible_ends)
            end = next(ends, None) if self._is_short else max(ends, default=None)
            if end is not None:
                return line[start:end]
        return None


def fault_of_expression(source: str) -> Mistake | None:
    """Return what is wrong with an expression."""
    return _fault(Expression, source)


def fault_of_capture(source: str) -> Mistake | None:
    """Return what is wrong with an expression that has to have one group."""
    return _fault(Capture, source)


def _fault(made: Callable[[str], object], source: str) -> Mistake | None:
    try:
        made(source)
    except ExpressionError as error:
        why = _REASONS.get(error.reason, error.reason)
        return Mistake(_("“{text}” cannot be used: {why}", text=shown(source), why=why))
    return None


def _split(node: Node) -> tuple[Node, Node, Node]:
    """Return what is before the group, the group, and what is after it."""
    nodes = (node,) if not isinstance(node, Sequence) or node.is_captured else node.nodes
    groups = [number for number, inner in enumerate(nodes) if isinstance(inner, Sequence) and inner.is_captured]
    if len(groups) != 1:
        raise ExpressionError("group")
    at = groups[0]
    return Sequence(nodes[:at]), nodes[at], Sequence(nodes[at + 1 :])


def _reversed(node: Node) -> Node:
    match node:
        case Sequence(nodes):
            return Sequence(tuple(_reversed(inner) for inner in reversed(nodes)))
        case Alternation(nodes):
            return Alternation(tuple(map(_reversed, nodes)))
        case Repeat():
            return Repeat(_reversed(node.node), node.least, node.most)
    return node


def _repeats(node: Node) -> Iterator[Repeat]:
    match node:
        case Sequence(nodes) | Alternation(nodes):
            for inner in nodes:
                yield from _repeats(inner)
        case Repeat():
            yield node
            yield from _repeats(node.node)
