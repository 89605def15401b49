"""A restore that would change nothing is not done: a device wears out, and can be cut off in the middle."""

from collections.abc import Mapping

from ..contract import Artifact, Person
from ..errors import DeviceError
from ..plugins.registry import RegisteredHandler
from ..restore_records import RestoreReport
from ..text import _
from . import runner
from .http_session import SessionFactory


async def nothing_to_do(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    artifact: Artifact,
    *,
    expected_unique_id: str | None,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> RestoreReport | None:
    """Return the report of a restore that would change nothing, None where it would, or where nobody can tell.

    Raises RestoreRejectedError and WrongDeviceError as the restore would.
    """
    if not registered.can_plan:
        return None
    try:
        _device, planned = await runner.plan(
            registered, config, artifact, expected_unique_id=expected_unique_id, sessions=sessions, person=person
        )
    except DeviceError as error:
        if error.retryable:
            return None
        raise
    if not planned.changes_nothing:
        return None
    held = _("Nothing to do: the device holds all of it already. Nothing was sent.")
    return RestoreReport(proven=(held,), needs=(*planned.refused, *planned.needs), nothing_to_do=True)
