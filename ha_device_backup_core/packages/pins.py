"""What may not change while a handler package is installed; pure."""

from collections.abc import Iterable, Iterator, Mapping

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ONLY_WHEELS = "--only-binary :all:"
"""Building a package runs code of it before anybody could look at it, and needs tools that a home does not have."""


def constraints(of_host: Iterable[str], installed: Mapping[str, str], replaceable: Iterable[str]) -> list[str]:
    """Return the lines of a constraints file: what is installed stays in its version, what comes is as Home Assistant.

    `installed` is name to version; `replaceable` names what only handler packages of the person brought.
    """
    pinned = {name: version for name, version in installed.items() if name not in set(replaceable)}
    others = [str(known) for known in _requirements(of_host) if canonicalize_name(known.name) not in pinned]
    return [ONLY_WHEELS, *(f"{name}=={version}" for name, version in sorted(pinned.items())), *others]


def no_longer_needed(
    leaving: Iterable[str], dependencies: Iterable[str], needs: Mapping[str, Iterable[str]]
) -> set[str]:
    """Return what goes with the packages that leave: of what they brought, that which no other package needs.

    `needs` is name to requirements, of everything that is installed; extras count where somebody asks for them.
    """
    to_remove = {*leaving, *dependencies}
    return to_remove - (_reached(set(needs) - to_remove, needs) - set(leaving))


def _reached(roots: Iterable[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    reached, waiting = set[tuple[str, str]](), [(name, "") for name in roots]
    while waiting:
        if (one := waiting.pop()) not in reached:
            reached.add(one)
            waiting.extend(_needed_by(*one, needs))
    return {name for name, _ in reached}


def _needed_by(name: str, extra: str, needs: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Return what a package needs, or one of its extras: names with an extra each, "" for the package itself."""
    for requirement in _requirements(needs.get(name, ())):
        if _applies(requirement, extra):
            wanted = str(canonicalize_name(requirement.name))
            yield wanted, ""
            yield from ((wanted, str(canonicalize_name(one))) for one in requirement.extras)


def _applies(requirement: Requirement, extra: str) -> bool:
    try:
        return requirement.marker is None or requirement.marker.evaluate({"extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, ValueError):
        return True


def _requirements(lines: Iterable[str]) -> Iterator[Requirement]:
    for line in lines:
        try:
            yield Requirement(line.partition("#")[0].strip())
        except ValueError:
            continue
