"""What may not change while a handler package is installed; pure."""

from collections.abc import Iterable, Iterator, Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ONLY_WHEELS = "--only-binary :all:"
"""Building a package runs code of it before anybody could look at it, and needs tools that a home does not have."""


def constraints(of_home_assistant: Iterable[str], installed: Mapping[str, str], movable: Iterable[str]) -> list[str]:
    """Return the lines of a constraints file: what is installed stays in its version, what comes is as Home Assistant.

    `installed` is name to version; `movable` names what only handler packages of the person brought.
    """
    pinned = {name: version for name, version in installed.items() if name not in set(movable)}
    others = [str(known) for known in _requirements(of_home_assistant) if canonicalize_name(known.name) not in pinned]
    return [ONLY_WHEELS, *(f"{name}=={version}" for name, version in sorted(pinned.items())), *others]


def no_longer_needed(leaving: Iterable[str], brought: Iterable[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what goes with the packages that leave: of what they brought, that which no other package needs.

    `needs` is name to names of requirements, of everything that is installed.
    """
    going = {*leaving, *brought}
    return going - (_reached(set(needs) - going, needs) - set(leaving))


def _reached(roots: Iterable[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    reached, waiting = set[str](), list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(needs.get(name, ()))
    return reached


def _requirements(lines: Iterable[str]) -> Iterator[Requirement]:
    for line in lines:
        try:
            yield Requirement(line.partition("#")[0].strip())
        except InvalidRequirement:
            continue
