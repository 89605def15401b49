"""What a backup does not hold stays on the device as it is: in the plan, in the restore and in the proof."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ha_device_backup_core import (
    FileChange,
    PlannedFile,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
)
from ha_device_backup_core.testing import SimulatedRequest, run_job, run_plan, run_restore
from ha_device_backup_http import RecipeHandler
from tests.simulators.recipes.stand_in import Answer, StandIn, empty, route
from tests.simulators.recipes.stand_in import json as in_json

from .conftest import handler

STEPS = """
[[fetch]]
request = "GET /name"
save = "name.json"
[[fetch]]
request = "GET /rules"
save = "rules.json"
required = "/rules"
may_be_absent = true
[[fetch]]
request = "GET /mode"
save = "mode.json"
may_be_absent = true
[restore]
guide = ["Enter its name by hand."]
covers = ["rules.json", "mode.json"]
[[restore.value]]
file = "rules.json"
capture.rules = "json:/rules/*"
[[restore.value]]
file = "mode.json"
capture.mode = "json:/mode"
[[restore.step]]
puts_back = "rules.json"
request = "POST /rules/delete"
[[restore.step]]
each = { rule = "rules" }
request = "POST /rules/add"
json = "{rule}"
capture.made = "json:/number"
[[restore.step]]
each = { number = "made" }
request = "POST /rules/start"
json = "{number}"
[[restore.step]]
request = "GET /started"
capture.started = "json:/*"
[[restore.step]]
each = { one = "started" }
only = { value = "{one/name}", in = "rules" }
request = "POST /rules/name"
json = "{one/name}"
[[restore.step]]
request = "POST /mode"
json = { mode = "{mode}" }
"""
PARTS: type[RecipeHandler] = handler(STEPS)


class Parts(StandIn):
    """Has a name that goes back by hand, rules and a mode; `absent` is what it does not answer for."""

    def __init__(self) -> None:
        super().__init__()
        self.title = "Cellar"
        self.rules: list[str] = ["a", "b"]
        self.mode = "day"
        self.absent: set[str] = set()

    @property
    def state(self) -> tuple[list[str], str]:
        return self.rules, self.mode

    def before(self, request: SimulatedRequest) -> Answer:
        return empty(404) if request.method == "GET" and request.path in self.absent else None

    @route("GET /name")
    def tell_name(self, request: SimulatedRequest) -> Answer:
        return in_json({"name": self.title})

    @route("GET /rules")
    def list_rules(self, request: SimulatedRequest) -> Answer:
        return in_json({"rules": self.rules})

    @route("GET /mode")
    def tell_mode(self, request: SimulatedRequest) -> Answer:
        return in_json({"mode": self.mode})

    @route("GET /started")
    def list_started(self, request: SimulatedRequest) -> Answer:
        return in_json([{"id": 1} if self.fault == "nameless" else {"name": rule} for rule in self.rules])

    @route("POST /rules/{action}")
    def change_rules(self, request: SimulatedRequest, action: str) -> Answer:
        given: Any = json.loads(request.body or b"null")
        if action == "delete":
            self.rules = []
        elif action == "add":
            self.rules.append(given)
        return in_json({"number": len(self.rules)})

    @route("POST /mode")
    def take_mode(self, request: SimulatedRequest) -> Answer:
        self.mode = json.loads(request.body)["mode"]
        return in_json({})


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    async with Parts() as started:
        yield started


def entered(parts: Parts) -> dict[str, str]:
    return {"url": parts.url, "password": "x"}


@pytest.mark.parametrize(
    ("absent", "after", "planned"),
    [
        ("/rules", (["c"], "day"), "mode.json"),
        ("/mode", (["a", "b"], "night"), "rules.json"),
    ],
)
async def test_what_a_backup_does_not_hold_stays(
    parts: Parts, absent: str, after: tuple[list[str], str], planned: str
) -> None:
    parts.absent = {absent}
    artifact = (await run_job(PARTS, entered(parts))).artifact
    parts.absent = set()
    parts.rules, parts.mode = ["c"], "night"
    plan = await run_plan(PARTS, entered(parts), artifact)
    needs = f"The device keeps what this backup does not hold: {absent[1:]}.json. Check it there."

    assert plan == RestorePlan(files=(PlannedFile(name=planned, change=FileChange.CHANGED),), needs=plan.needs)
    assert [str(need) for need in plan.needs] == [needs]

    report = await run_restore(PARTS, entered(parts), artifact)
    assert parts.state == after
    assert [str(text) for text in report.proven] == [f"Read back and equal: {planned}."]
    assert [str(need) for need in report.needs] == [needs]
    assert (await run_plan(PARTS, entered(parts), artifact)).changes_nothing


async def test_empty_list_that_a_backup_holds_deletes_all(parts: Parts) -> None:
    parts.rules = []
    artifact = (await run_job(PARTS, entered(parts))).artifact
    parts.rules, parts.mode = ["c"], "night"
    report = await run_restore(PARTS, entered(parts), artifact)

    assert parts.state == ([], "day")
    assert [str(text) for text in report.proven] == ["Read back and equal: mode.json, rules.json."]
    assert report.needs == ()


async def test_backup_without_anything_that_goes_back_is_refused(parts: Parts) -> None:
    parts.absent = {"/rules", "/mode"}
    artifact = (await run_job(PARTS, entered(parts))).artifact
    parts.absent = set()
    said = r"Nothing in this backup goes back by itself\. Enter its name by hand\."
    with pytest.raises(RestoreRejectedError, match=said):
        await run_plan(PARTS, entered(parts), artifact)
    with pytest.raises(RestoreRejectedError, match=said):
        await run_restore(PARTS, entered(parts), artifact)
    assert parts.state == (["a", "b"], "day")

    artifact = (await run_job(PARTS, entered(parts))).artifact
    parts.rules, parts.mode = ["c"], "night"
    await run_restore(PARTS, entered(parts), artifact)
    assert parts.state == (["a", "b"], "day")


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ([str(number) for number in range(5_001)], "It lists more than 5000 entries."),
        ([str(number) for number in range(5_000)], "It would take more than 5000 requests."),
        (["a", ""], "Its list of rules has an entry that is none."),
    ],
)
async def test_list_that_could_never_go_back_is_told_and_refused(parts: Parts, rules: list[str], why: str) -> None:
    parts.rules = rules
    fetched = await run_job(PARTS, entered(parts))
    assert [(note.code, str(note.text), note.is_remark) for note in fetched.remarks] == [
        ("not_put_back", f"It cannot go back by itself. {why}", True)
    ]

    parts.rules, parts.mode = ["c"], "night"
    with pytest.raises(RestoreRejectedError, match=why):
        await run_plan(PARTS, entered(parts), fetched.artifact)
    with pytest.raises(RestoreRejectedError, match=why):
        await run_restore(PARTS, entered(parts), fetched.artifact)
    assert parts.state == (["c"], "night")

    fetched = await run_job(PARTS, entered(parts))
    parts.rules, parts.mode = rules[:1], "day"
    await run_restore(PARTS, entered(parts), fetched.artifact)
    assert (fetched.remarks, parts.state) == ((), (["c"], "night"))


async def test_answer_that_lacks_a_value_in_the_middle_is_told_as_begun(parts: Parts) -> None:
    artifact = (await run_job(PARTS, entered(parts))).artifact
    parts.fault, parts.mode = "nameless", "night"
    with pytest.raises(RestoreNotVerifiedError) as caught:
        await run_restore(PARTS, entered(parts), artifact)
    assert caught.value.detail_in() == (
        "It may hold all of the backup, a part of it or nothing: restore again. Its answer has no one/name, which"
        " POST /rules/name needs."
    )

    parts.fault = ""
    await run_restore(PARTS, entered(parts), artifact)
    assert parts.state == (["a", "b"], "day")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ('json = "{rule}"', 'json = { of = "{rule/of}" }', "rule/of"),
        ('each = { rule = "rules" }', 'each = { rule = "rules" }\nonly = { value = "{rule/of}", in = [1] }', "rule/of"),
        ('{ mode = "{mode}" }', '{ mode = "{mode/of}" }', "mode/of"),
    ],
)
async def test_entry_of_a_backup_that_lacks_a_value_is_refused_before(
    parts: Parts, old: str, new: str, missing: str
) -> None:
    other = handler(STEPS.replace(old, new))
    fetched = await run_job(other, entered(parts))
    why = f"This backup has no {missing}, which putting it back needs."
    assert [str(note.text) for note in fetched.remarks] == [f"It cannot go back by itself. {why}"]
    parts.rules = ["c"]
    with pytest.raises(RestoreRejectedError, match=why):
        await run_plan(other, entered(parts), fetched.artifact)
    with pytest.raises(RestoreRejectedError, match=why):
        await run_restore(other, entered(parts), fetched.artifact)
    assert parts.state == (["c"], "day")

    await run_restore(PARTS, entered(parts), fetched.artifact)
    assert parts.state == (["a", "b"], "day")
