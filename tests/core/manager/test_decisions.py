"""What a person has to decide about a device."""

from dataclasses import replace

import pytest

from ha_device_backup_core.manager import DeviceStatus, Health
from ha_device_backup_core.manager.decisions import Decision, decision_of
from ha_device_backup_core.records import UnfinishedRestore

from .test_device_state import KEY, NOW, STATUS, failed

CUT_OFF = UnfinishedRestore(source=KEY, backup_id="1", safety_backup_id=None, begun_at=NOW)
ANOTHER = replace(STATUS, health=Health.FAILING, last_attempt=failed("wrong_device"))


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (STATUS, None),
        (replace(STATUS, health=Health.OVERDUE), None),
        (replace(STATUS, health=Health.LAST_NOT_WHOLE), None),
        (replace(STATUS, health=Health.NOT_WHOLE), Decision.NOT_WHOLE),
        (replace(STATUS, health=Health.SUSPECT), Decision.LOOKS_RESET),
        (ANOTHER, Decision.ANOTHER_DEVICE),
        (replace(ANOTHER, health=Health.SUSPECT), Decision.ANOTHER_DEVICE),
        (replace(ANOTHER, unfinished_restore=CUT_OFF), Decision.RESTORE_UNFINISHED),
        (replace(STATUS, unfinished_restore=replace(CUT_OFF, awaits_replacement=True)), Decision.REPLACED),
    ],
)
def test_the_most_urgent_decision(status: DeviceStatus, decision: Decision | None) -> None:
    assert decision_of(status) is decision
