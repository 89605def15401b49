"""How a device is in a word, and whether that is a problem."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ha_device_backup_core.manager import DeviceStatus, Health, ShownPrompt
from ha_device_backup_core.manager.device_state import DeviceState, is_problem, state_of
from ha_device_backup_core.records import Attempt, DeviceKey, Outcome, UnfinishedRestore

NOW = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)
KEY = DeviceKey("lamp", "a1")
STATUS = DeviceStatus(
    key=KEY,
    title="Lamp",
    newest=None,
    recommended=None,
    latest=None,
    needs_person=False,
    person_needed_from=None,
    confirmed=None,
    changed_at=None,
    count=1,
    size=10,
    last_attempt=None,
    restoring=False,
    running=False,
    queued=False,
    health=Health.OK,
    next_run=None,
    retry_at=None,
    prompt=None,
    progress=None,
    unfinished_restore=None,
)


def failed(error: str) -> Attempt:
    return Attempt(at=NOW, outcome=Outcome.FAILED, error=error)


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [
        (STATUS, DeviceState.OK, False),
        (replace(STATUS, health=Health.LATE), DeviceState.LATE, False),
        (replace(STATUS, health=Health.OVERDUE), DeviceState.LATE, True),
        (replace(STATUS, health=Health.BLOCKED), DeviceState.NEEDS_YOU, True),
        (replace(STATUS, health=Health.PERSON_NEEDED), DeviceState.NEEDS_YOU, True),
        (replace(STATUS, health=Health.NOT_WHOLE), DeviceState.INCOMPLETE, True),
        (replace(STATUS, health=Health.LAST_NOT_WHOLE), DeviceState.INCOMPLETE, False),
        (replace(STATUS, health=Health.FAILING, last_attempt=failed("wrong_device")), DeviceState.FAILED, True),
        (replace(STATUS, health=Health.FAILING, last_attempt=failed("config")), DeviceState.NEEDS_YOU, True),
        (
            replace(STATUS, health=Health.FAILING, last_attempt=failed("certificate_not_trusted")),
            DeviceState.NEEDS_YOU,
            True,
        ),
        (replace(STATUS, health=Health.SUSPECT), DeviceState.SUSPECT, True),
        (replace(STATUS, health=Health.NEVER, count=0), DeviceState.NO_BACKUP_YET, False),
        (
            replace(STATUS, health=Health.NEVER, count=0, last_attempt=failed("cannot_connect")),
            DeviceState.NO_BACKUP_YET,
            True,
        ),
        (replace(STATUS, health=Health.OVERDUE, count=0), DeviceState.NO_BACKUP_YET, True),
        (
            replace(STATUS, prompt=ShownPrompt(text="Press the button.", until=NOW)),
            DeviceState.NEEDS_YOU,
            False,
        ),
        (
            replace(
                STATUS,
                unfinished_restore=UnfinishedRestore(source=KEY, backup_id="1", safety_backup_id=None, begun_at=NOW),
            ),
            DeviceState.NEEDS_YOU,
            True,
        ),
    ],
)
def test_the_state(status: DeviceStatus, state: DeviceState, *, problem: bool) -> None:
    assert state_of(status, has_handler=True) is state
    assert is_problem(status, state) is problem


def test_every_health_has_a_state() -> None:
    assert {state_of(replace(STATUS, health=health), has_handler=True) for health in Health} <= set(DeviceState)


def test_without_its_handler_nothing_is_well() -> None:
    state = state_of(STATUS, has_handler=False)
    assert (state, is_problem(STATUS, state)) == (DeviceState.HANDLER_MISSING, True)
