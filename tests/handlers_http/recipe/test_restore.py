"""Steps that put a backup back, and what the device holds then."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ha_device_backup_core import (
    CannotConnectError,
    FileChange,
    PlannedFile,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreUnsupportedError,
)
from ha_device_backup_core.testing import Fetched, SimulatedRequest, SimulatedResponse, run_job, run_plan, run_restore
from ha_device_backup_http import RecipeHandler
from ha_device_backup_http.recipe.naming import file_name
from ha_device_backup_http.recipe.recipe import StoredValue
from ha_device_backup_http.recipe.sources import Source, parse_source
from ha_device_backup_http.recipe.stored import stored_values
from ha_device_backup_http.recipe.templates import Template
from tests.simulators.recipes.stand_in import Answer, StandIn, route, text
from tests.simulators.recipes.stand_in import json as in_json

from .conftest import HEAD, device, handler

STEPS = """
[[open]]
request = "POST /login"
json = { password = "{password}" }
capture.sid = "json:/sid"
[headers]
X-Sid = "{sid}"
[[close]]
request = "POST /logout"
[[fetch]]
request = "GET /rules"
save = "rules.json"
[[fetch]]
request = "GET /scripts"
capture.scripts = "json:/*"
[[fetch]]
each = { script = "scripts" }
request = "GET /scripts/{script/id}/code"
save = "scripts/{script/name}.js"
[[fetch]]
request = "GET /config"
save = "config.json"
required = "/mode"
[[fetch]]
request = "GET /firmware"
save = "firmware.json"
[[compare]]
file = "rules.json"
unordered = ""
[restore]
guide = ["Install the firmware by hand."]
covers = ["rules.json", "scripts/*", "config.json"]
restarts = true
[[restore.value]]
file = "rules.json"
capture.rules = "json:/*"
[[restore.value]]
file = "scripts/*.js"
list = "sources"
[[restore.step]]
request = "GET /rules"
capture.present = "json:/*"
[[restore.step]]
each = { rule = "present" }
unless = { value = "{rule}", in = "rules" }
request = "POST /rules/delete"
json = "{rule}"
[[restore.step]]
each = { rule = "rules" }
unless = { value = "{rule}", in = "present" }
request = "POST /rules"
json = "{rule}"
[[restore.step]]
request = "GET /scripts"
capture.ids = "json:/*/id"
[[restore.step]]
puts_back = "scripts/*"
each = { id = "ids" }
request = "DELETE /scripts/{id}"
[[restore.step]]
each = { source = "sources" }
request = "POST /scripts"
json = { name = "{source/name}" }
capture.id = "json:/id"
[[restore.step.then]]
each = { piece = "source/pieces" }
request = "POST /scripts/{id}/code"
json = { append = "{piece}" }
[[restore.step]]
request = "POST /config"
upload = "config.json"
part = "file"
[[restore.step]]
request = "GET /config"
wait = { until = { "/ready" = true }, every = 0.02, tries = 100 }
"""
CODE = "print('grün');\n" * 200


class Box(StandIn):
    """Has rules, scripts, a configuration that restarts it, and a firmware that nobody can put back."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: list[dict[str, Any]] = [{"domain": "a", "answer": "1"}, {"domain": "b", "answer": "2"}]
        self.scripts: dict[int, tuple[str, str]] = {1: ("main", CODE), 4: ("empty", "")}
        self.mode = "day"
        self.firmware = 1
        self.network: dict[str, str] = {}
        self.reboot_time = 0.1

    def boot(self) -> None:
        self.sessions.clear()

    def before(self, request: SimulatedRequest) -> Answer:
        is_known = request.headers.get("x-sid") in self.sessions or request.path in {"/login", "/config"}
        return None if is_known else text("", 401)

    @route("POST /login")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        return in_json({"sid": self.log_in(is_right=True, form="s{}")})

    @route("POST /logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.discard(request.headers["x-sid"])
        return in_json({})

    @route("GET /rules")
    def list_rules(self, request: SimulatedRequest) -> Answer:
        return in_json(self.rules)

    @route("POST /rules")
    def add_rule(self, request: SimulatedRequest) -> Answer:
        if self.fault != "forgets":
            self.rules.append(json.loads(request.body))
        return text("", 500 if self.fault == "fails" else 200)

    @route("POST /rules/delete")
    def delete_rule(self, request: SimulatedRequest) -> Answer:
        self.rules.remove(json.loads(request.body))
        return text("")

    @route("GET /scripts")
    def list_scripts(self, request: SimulatedRequest) -> Answer:
        return in_json([{"id": number, "name": name} for number, (name, _) in self.scripts.items()])

    @route("POST /scripts")
    def add_script(self, request: SimulatedRequest) -> Answer:
        number = 10 + self.noise()
        self.scripts[number] = (json.loads(request.body)["name"], "")
        return in_json({"id": number})

    @route("DELETE /scripts/{id}")
    def delete_script(self, request: SimulatedRequest, number: str) -> Answer:
        del self.scripts[int(number)]
        return text("")

    @route("GET /scripts/{id}/code")
    def code(self, request: SimulatedRequest, number: str) -> Answer:
        return text(self.scripts[int(number)][1])

    @route("POST /scripts/{id}/code")
    def add_code(self, request: SimulatedRequest, number: str) -> Answer:
        piece = json.loads(request.body)["append"]
        assert len(piece.encode()) <= 1024
        name, before = self.scripts[int(number)]
        self.scripts[int(number)] = (name, before + piece)
        return text("")

    @route("GET /config")
    def config(self, request: SimulatedRequest) -> Answer:
        return in_json({"mode": self.mode, "ready": True, **self.network})

    @route("POST /config")
    def take_config(self, request: SimulatedRequest) -> Answer:
        assert b'name="file"; filename="config.json"' in request.body
        self.mode = request.body.split(b'"mode": "')[1].split(b'"')[0].decode()
        self.restart(delay=0)
        return text("")

    @route("GET /firmware")
    def firmware_facts(self, request: SimulatedRequest) -> Answer:
        return in_json({"firmware": self.firmware})


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with Box() as started:
        yield started


BOX: type[RecipeHandler] = handler(STEPS, HEAD)


def entered(box: Box) -> dict[str, str]:
    return {"url": box.url, "password": "x"}


async def backup(box: Box) -> Fetched:
    return await run_job(BOX, entered(box))


def change(box: Box) -> None:
    box.rules = [{"domain": "b", "answer": "2"}, {"domain": "c", "answer": "3"}]
    box.scripts = {2: ("main", "other"), 3: ("more", "x")}
    box.mode = "night"


async def test_backup_goes_back_and_is_proven(box: Box) -> None:
    artifact = (await backup(box)).artifact
    change(box)
    report = await run_restore(BOX, entered(box), artifact)

    assert sorted(box.scripts.values()) == [("empty", ""), ("main", CODE)]
    assert sorted(rule["domain"] for rule in box.rules) == ["a", "b"]
    assert (box.mode, box.restarts) == ("day", 1)
    assert [str(text) for text in report.proven] == [
        "Read back and equal: config.json, rules.json, scripts/empty.js, scripts/main.js."
    ]
    assert (report.unproven, report.needs) == ((), ())
    assert not box.left()


async def test_plan_tells_by_what_it_may_be_reached_in_another_way(box: Box) -> None:
    artifact = (await backup(box)).artifact
    change(box)
    assert (await run_plan(BOX, entered(box), artifact)).risks == ()
    box.network = {"ip": "10.0.0.9", "wifiSsid": "home"}
    (risk,) = (await run_plan(BOX, entered(box), artifact)).risks
    assert str(risk) == (
        "By this it may have another address or login afterwards: ip, wifiSsid. If it is not found then, enter the new"
        " ones in the settings of this device."
    )


async def test_second_restore_changes_nothing(box: Box) -> None:
    artifact = (await backup(box)).artifact
    await run_restore(BOX, entered(box), artifact)

    assert ("POST", "/rules") not in box.requests
    assert ("POST", "/rules/delete") not in box.requests


async def test_what_only_a_person_can_put_back_is_left_to_them(box: Box) -> None:
    artifact = (await backup(box)).artifact
    box.firmware = 2
    report = await run_restore(BOX, entered(box), artifact)

    assert report.needs == ("Install the firmware by hand.",)


async def test_plan_says_what_would_change(box: Box) -> None:
    artifact = (await backup(box)).artifact
    box.mode, box.scripts, box.firmware = "night", {1: ("main", CODE)}, 2
    plan = await run_plan(BOX, entered(box), artifact)

    assert plan == RestorePlan(
        files=(
            PlannedFile(name="config.json", change=FileChange.CHANGED),
            PlannedFile(name="rules.json", change=FileChange.UNCHANGED),
            PlannedFile(name="scripts/empty.js", change=FileChange.ADDED),
            PlannedFile(name="scripts/main.js", change=FileChange.UNCHANGED),
        ),
        needs=("Install the firmware by hand.",),
        restarts=True,
    )
    assert box.mode == "night"


@pytest.mark.parametrize("fault", ["forgets", "fails"])
async def test_restore_that_did_not_work_is_told(box: Box, fault: str) -> None:
    artifact = (await backup(box)).artifact
    box.rules.clear()
    box.fault = fault
    with pytest.raises(RestoreNotVerifiedError):
        await run_restore(BOX, entered(box), artifact)
    assert not box.left()

    box.fault = ""
    box.rules.clear()
    await run_restore(BOX, entered(box), artifact)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_restore_that_ended_within_a_step_is_told_as_begun(method: str) -> None:
    recipe = handler(
        """
[[fetch]]
request = "GET /rules"
save = "rules.json"
[restore]
covers = "rules.json"
[[restore.value]]
file = "rules.json"
capture.rules = "json:/rules/*"
[[restore.step]]
each = { rule = "rules" }
request = "METHOD /rules/{rule}"
""".replace("METHOD", method)
    )
    broken = {f"{method} /rules/b"}

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        is_broken = f"{request.method} {request.path}" in broken
        return SimulatedResponse(500) if is_broken else SimulatedResponse.json({"rules": ["a", "b"]})

    async with device(answer) as found:
        entered = {"url": found.url, "password": "x"}
        artifact = (await run_job(recipe, entered)).artifact
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await run_restore(recipe, entered, artifact)
        assert caught.value.detail_in().startswith(
            "It may hold all of the backup, a part of it or nothing: restore again. "
        )
        broken.clear()
        await run_restore(recipe, entered, artifact)


@pytest.mark.parametrize(
    ("content", "lists"),
    [
        (b'{"pairs": [{"key": "a"}]}', {"keys": ["a"]}),
        (b'{"pairs": []}', {"keys": []}),
        (b'{"pairs": null}', {"keys": []}),
        (None, {}),
        (b'{"pairs": {"a": {"value": 1}}}', None),
        (b'{"pairs": [{"key": "a"}, {"name": "b"}]}', None),
        (b'{"other": []}', None),
        (b"[]", None),
        (b"text", None),
    ],
)
def test_file_of_another_form_is_no_empty_list(content: bytes | None, lists: dict[str, object] | None) -> None:
    source = parse_source("json:/pairs/*/key")
    assert isinstance(source, Source)
    wanted = (StoredValue(file="kvs.json", capture={"keys": (source,)}),)
    files = {} if content is None else {"kvs.json": content}
    if lists is not None:
        assert stored_values(wanted, files) == lists
    else:
        with pytest.raises(RestoreRejectedError, match=r"kvs\.json"):
            stored_values(wanted, files)


async def test_device_that_is_away_is_not_restored(box: Box) -> None:
    artifact = (await backup(box)).artifact
    await box.stop()
    with pytest.raises(CannotConnectError):
        await run_restore(BOX, entered(box), artifact)


async def test_recipe_without_steps_does_not_restore(box: Box) -> None:
    alone = handler('[[fetch]]\nrequest = "GET /config"\nsave = "config.json"\n[restore]\nguide = ["By hand."]\n')
    artifact = (await run_job(alone, entered(box))).artifact
    with pytest.raises(RestoreUnsupportedError, match="By hand"):
        await run_restore(alone, entered(box), artifact)


def test_values_of_a_restore_come_as_the_device_named_them() -> None:
    name = file_name(Template.of("scripts/{name}.js"), {"name": 'a/b "%2F" 100%'})
    assert name == "scripts/a%2Fb %22%252F%22 100%.js"

    source = parse_source("json:/jobs/*")
    assert isinstance(source, Source)
    files = {name: b"1", "jobs.json": b'{"rev": 3, "jobs": [{"id": 1, "at": "7"}]}'}
    wanted = (
        StoredValue(file="scripts/*.js", list="scripts"),
        StoredValue(file="jobs.json", without=(("jobs", "*", "id"),), capture={"jobs": (source,)}),
    )
    found = stored_values(wanted, files)

    assert found["jobs"] == [{"at": "7"}]
    assert found["scripts"] == [{"name": 'a/b "%2F" 100%', "path": name, "text": "1", "pieces": ["1"]}]


async def test_step_is_made_only_for_entries_of_a_list(box: Box) -> None:
    step = """
[[restore.step]]
each = { one = "present", before = "rules" }
only = { value = "{one/answer}", in = ["{before/answer}"] }
unless = { value = "{one/domain}", in = ["b"] }
request = "GET /only/{one/domain}"
expect.status = 404
"""
    artifact = (await backup(box)).artifact
    config = '[[restore.step]]\nrequest = "POST /config"'
    await run_restore(handler(STEPS.replace(config, step + config), HEAD), entered(box), artifact)

    assert [target for _method, target in box.requests if "/only/" in target] == ["/only/a"]
