"""The entries for which a step is made, and how one request is told from another; pure."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from ha_device_backup_core import UnexpectedResponseError
from ha_device_backup_core.toolkit import canonical

from ..pointers import found_at, parse_pointer
from ..translation import _
from .steps import Membership, Step
from .templates import Value, filled_in

MOST_ENTRIES = 200
MOST_PUT_BACK = 5_000
"""Requests for what a backup holds: ten minutes are enough for them, at a tenth of a second for each."""

_MOST_TOGETHER = MOST_ENTRIES**2
"""Entries of two lists, one within the other."""


def asked(step: Step, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return what is asked, but for what goes along with every request."""
    own = [f"{name}={template.text(values)}" for name, template in step.query.items()]
    headers = [f"{name}:{template.source}" for name, template in step.headers.items()]
    return (step.target.text(values), str(step.body), str(step.redirects), *own, *headers)


class Members:
    """What is in the lists by which a step is made for an entry or not; each list is looked through once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[int, tuple[list[Value], frozenset[bytes]]] = {}

    def leave_out(self, step: Step, values: Mapping[str, Value]) -> bool:
        """Return whether a step is not made, by the lists that a value is in or not in."""
        return (step.unless is not None and self._has(step.unless, values)) or (
            step.only is not None and not self._has(step.only, values)
        )

    def _has(self, membership: Membership, values: Mapping[str, Value]) -> bool:
        listed = membership.listed
        value = canonical(membership.value.value(values))
        if not isinstance(listed, str):
            return value in map(canonical, filled_in(listed, values))
        entries = entries_of(listed, values)
        if id(entries) not in self._known:
            self._known[id(entries)] = (entries, frozenset(map(canonical, entries)))
        return value in self._known[id(entries)][1]


def entries_for(step: Step, values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Return the values of `each`, the inner one of two faster."""
    most = MOST_PUT_BACK if step.place[0] == "restore" else MOST_ENTRIES
    lists = [
        checked_entries(
            listed, entries_of(listed, values) if isinstance(listed, str) else filled_in(listed, values), most
        )
        for listed in step.each.values()
    ]
    if prod(map(len, lists)) > _MOST_TOGETHER:
        raise UnexpectedResponseError(_("It lists more than {most} entries.", most=_MOST_TOGETHER))
    return (dict(zip(step.each, entries, strict=True)) for entries in product(*lists))


def checked_entries(listed: str | tuple[Value, ...], entries: list[Value], most: int = MOST_ENTRIES) -> list[Value]:
    """Return the entries for which a step is made; raise UnexpectedResponseError for what is no entry."""
    if len(entries) > most:
        raise UnexpectedResponseError(_("It lists more than {most} entries.", most=most))
    if isinstance(listed, str) and any(entry is None or entry == "" for entry in entries):
        # Asked for without it, the device would give something else.
        raise UnexpectedResponseError(_("Its list of {name} has an entry that is none.", name=listed))
    return entries


def entries_of(name: str, values: Mapping[str, Value]) -> list[Value]:
    """Return a captured list; what a step that may fail did not get is an empty one."""
    name, _slash, inner = name.partition("/")
    value = values.get(name, [])
    if inner:
        value = found_at(value, parse_pointer(f"/{inner}") or ())
    if not isinstance(value, list):
        raise UnexpectedResponseError(_("Its answer has no list of {name}.", name=name))
    return value
