"""The part of the syntax of regular expressions that an automaton can follow."""

import re
from dataclasses import dataclass

LONGEST = 200
"""Characters; each can open a group, and groups are read by functions that call themselves."""
_MOST_REPEATS = 1_000
_SETS = "dDwWsS"
_KEPT = "[&|~"
_SIGNS = {"t": "\t", "f": "\f", "v": "\v"}
_BOUNDS = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_IGNORE_CASE = "(?i)"


class ExpressionError(ValueError):
    """This expression cannot be used; `reason` says why: syntax, unsupported, large, costly."""

    def __init__(self, reason: str) -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Atom:
    """What matches one character."""

    pattern: re.Pattern[str]

    def matches(self, sign: str) -> bool:
        """Return whether it matches that character."""
        return self.pattern.fullmatch(sign) is not None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    nodes: tuple["Node", ...]
    is_captured: bool = False
    """Whether it is a group whose text is wanted."""


@dataclass(frozen=True, slots=True)
class Alternation:
    """One of several."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Several times; without a most for ever."""

    node: "Node"
    least: int
    most: int | None
    is_lazy: bool = False
    """Whether it takes as little as it can, where that makes a difference."""


type Node = Atom | Sequence | Alternation | Repeat


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole expression, and whether it is tied to the start and the end of a line."""

    node: Node
    at_start: bool
    at_end: bool


def parse_expression(source: str) -> Parsed:
    """Return the syntax of an expression; raise ExpressionError."""
    if len(source) > LONGEST:
        raise ExpressionError("large")
    flags = re.NOFLAG
    if source.startswith(_IGNORE_CASE):
        source, flags = source.removeprefix(_IGNORE_CASE), re.IGNORECASE
    at_start = source.startswith("^")
    inner = source.removeprefix("^")
    at_end = inner.endswith("$") and (len(inner) - len(inner[:-1].rstrip("\\"))) % 2 == 1
    node = _ExpressionParser(inner[:-1] if at_end else inner, flags).parse()
    if (at_start or at_end) and isinstance(node, Alternation):
        # ^a|b ties only its first choice to the start, which nobody means who writes it here.
        raise ExpressionError("unsupported")
    return Parsed(node, at_start, at_end)


class _ExpressionParser:
    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        self._source = source
        self._flags = flags
        self._at = 0

    def parse(self) -> Node:
        node = self._choice()
        if self._at < len(self._source):
            raise ExpressionError("syntax")
        return node

    def _choice(self) -> Node:
        nodes = [self._sequence()]
        while self._take("|"):
            nodes.append(self._sequence())
        return nodes[0] if len(nodes) == 1 else Alternation(tuple(nodes))

    def _sequence(self) -> Node:
        nodes: list[Node] = []
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            nodes.append(self._repeated())
        return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))

    def _repeated(self) -> Node:
        if self._bounds() is not None:
            raise ExpressionError("syntax")
        node = self._one()
        bounds = self._bounds()
        if bounds is None:
            return node
        is_lazy = self._take("?")
        if self._bounds() is not None:
            raise ExpressionError("unsupported")
        return Repeat(node, *bounds, is_lazy)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        found = _BOUNDS.match(self._source, self._at)
        if found is None or not (found[1] or found[2]):
            return None
        self._at = found.end()
        return _numbers_of(found)

    def _one(self) -> Node:
        sign = self._source[self._at]
        self._at += 1
        match sign:
            case "(":
                return self._group()
            case "[":
                return self._set()
            case "\\":
                return self._escaped()
            case ".":
                return Atom(re.compile("."))
            case "^" | "$":
                raise ExpressionError("unsupported")
        return Atom(re.compile(re.escape(sign), self._flags))

    def _group(self) -> Node:
        is_captured = not self._take("?")
        if not is_captured and not self._take(":"):
            raise ExpressionError("unsupported")
        node = self._choice()
        if not self._take(")"):
            raise ExpressionError("syntax")
        return Sequence((node,), is_captured)

    def _set(self) -> Node:
        source = "[^" if self._take("^") else "["
        source += "\\]" if self._take("]") else ""
        while not self._take("]"):
            taken = self._source[self._at : self._at + (2 if self._source.startswith("\\", self._at) else 1)]
            self._at += len(taken)
            if not taken or taken == "\\":
                raise ExpressionError("syntax")
            # Python keeps these for operations on sets that it does not have yet.
            source += f"\\{taken}" if taken in _KEPT else taken
        try:
            return Atom(re.compile(f"{source}]", self._flags))
        except re.PatternError as error:
            raise ExpressionError("syntax") from error

    def _escaped(self) -> Node:
        if self._at == len(self._source):
            raise ExpressionError("syntax")
        sign = self._source[self._at]
        self._at += 1
        if sign in _SETS:
            return Atom(re.compile(rf"\{sign}"))
        if sign in _SIGNS:
            return Atom(re.compile(re.escape(_SIGNS[sign])))
        if sign.isalnum():
            raise ExpressionError("unsupported")
        return Atom(re.compile(re.escape(sign)))

    def _take(self, sign: str) -> bool:
        taken = self._source.startswith(sign, self._at)
        self._at += len(sign) if taken else 0
        return taken


def _numbers_of(found: re.Match[str]) -> tuple[int, int | None]:
    least = _number(found[1])
    if found[2] is None:
        return least, least
    most = _number(found[3]) if found[3] else None
    if most is not None and most < least:
        raise ExpressionError("syntax")
    return least, most


def _number(digits: str) -> int:
    if len(digits) > len(str(_MOST_REPEATS)) or int(digits or "0") > _MOST_REPEATS:
        raise ExpressionError("large")
    return int(digits or "0")
