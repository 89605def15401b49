"""What is told of a restore is the same in every host, in the language of who reads it."""

from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from ha_device_backup_core.text import message_of

LEFT = message_of({"en": "Enter the password.", "de": "Gib das Passwort ein."}, "example")


def test_a_plan() -> None:
    file = PlannedFile(name="config.json", change=FileChange.CHANGED, details=(LEFT, "a: 1"))
    plan = RestorePlan(files=(file,), refused=("The key",), needs=(LEFT,), risks=(LEFT,), restarts=True)
    assert plan.to_dict("de") == {
        "files": [{"name": "config.json", "change": "changed", "details": ["Gib das Passwort ein.", "a: 1"]}],
        "refused": ["The key"],
        "needs": ["Gib das Passwort ein."],
        "risks": ["Gib das Passwort ein."],
        "restarts": True,
    }
    assert plan.to_dict()["needs"] == ["Enter the password."]


def test_a_report() -> None:
    report = RestoreReport(proven=("config.json",), unproven=(LEFT,), needs=(LEFT,))
    assert report.to_dict("de") == {
        "proven": ["config.json"],
        "unproven": ["Gib das Passwort ein."],
        "needs": ["Gib das Passwort ein."],
    }
