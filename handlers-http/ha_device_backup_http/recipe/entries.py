"""The entries for which a step is made, and how one request is told from another; pure."""

from collections.abc import Mapping

from ha_device_backup_core import UnexpectedResponseError
from ha_device_backup_core.toolkit import canonical

from ..pointers import found_at, parse_pointer
from ..translation import _
from .steps import Membership, Step
from .templates import Value, filled_in

MOST_ENTRIES = 200


def asked(step: Step, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return what is asked, but for what goes along with every request."""
    own = [f"{name}={template.text(values)}" for name, template in step.query.items()]
    headers = [f"{name}:{template.source}" for name, template in step.headers.items()]
    return (step.target.text(values), str(step.body), str(step.redirects), *own, *headers)


def is_member(membership: Membership, values: Mapping[str, Value]) -> bool:
    """Return whether a value is in a list: by that, a step is made for an entry or not."""
    listed = membership.listed
    entries = entries_of(listed, values) if isinstance(listed, str) else filled_in(listed, values)
    return canonical(membership.value.value(values)) in {canonical(present) for present in entries}


def checked_entries(listed: str | tuple[Value, ...], entries: list[Value]) -> list[Value]:
    """Return the entries for which a step is made; raise UnexpectedResponseError for what is no entry."""
    if len(entries) > MOST_ENTRIES:
        raise UnexpectedResponseError(_("It lists more than {most} entries.", most=MOST_ENTRIES))
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
