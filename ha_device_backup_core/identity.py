"""Who a device is in the store: by its own id, or by one that is assigned where its kind tells none; pure."""

import hashlib
import re
import uuid

from .addresses import entered_address
from .contract import Config, DeviceInfo, HandlerSpec

LONGEST_IDENTITY = 255
_ASSIGNED = re.compile(r"assigned-[0-9a-f]{32}")


def is_identity(value: object) -> bool:
    """Return whether it is what a device can have as its unique id."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_IDENTITY and value.isprintable()


def can_have(spec: HandlerSpec, unique_id: str) -> bool:
    """Return whether a device of the kind can have that id: its own, or an assigned one."""
    return is_assigned(unique_id) or can_be_own(spec, unique_id)


def can_be_own(spec: HandlerSpec, unique_id: object) -> bool:
    """Return whether that can be the own id of a device of the kind, in the form that its handler declares."""
    if not isinstance(unique_id, str) or not is_identity(unique_id) or unique_id != unique_id.strip():
        return False
    return not is_assigned(unique_id) and (re.fullmatch(spec.unique_id_form or ".*", unique_id) is not None)


def is_another(expected: str | None, found: str | None) -> bool:
    """Return whether the id that a device tells is that of another one; who tells none, or was told none, is not."""
    return expected is not None and not is_assigned(expected) and found not in {None, expected}


def is_withheld(expected: str | None, found: str | None) -> bool:
    """Return whether a device that has an id of its own does not tell it now, so that it may be another one."""
    return expected is not None and not is_assigned(expected) and found is None


def identity_of(spec: HandlerSpec, config: Config, device: DeviceInfo) -> str:
    """Return the device's own id, or the one that is assigned to its address: the same address, the same device."""
    return device.unique_id or assigned_identity(spec, config)


def assigned_identity(spec: HandlerSpec, config: Config) -> str:
    """Return the id for a device without one of its own, from what its address is; without any, another each time."""
    return identity_at(spec, config) or new_assigned_identity()


def identity_at(spec: HandlerSpec, config: Config) -> str | None:
    """Return the id that is assigned to an address, None where there is no address."""
    address = entered_address(spec, config)
    if address is None:
        return None
    return f"assigned-{hashlib.sha256(f'{spec.kind}\n{address}'.encode()).hexdigest()[:32]}"


def new_assigned_identity() -> str:
    """Return an id of no address: the one of this address belongs to a device that moved away."""
    return f"assigned-{uuid.uuid4().hex}"


def is_assigned(unique_id: str) -> bool:
    """Return whether an id was assigned, so that the device's own takes its place once it tells one."""
    return _ASSIGNED.fullmatch(unique_id) is not None
