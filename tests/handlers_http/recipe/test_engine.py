"""The steps of recipes: what is asked, in which order, and what becomes of the answers."""

import base64
import hashlib
import json
from collections.abc import Mapping

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    InvalidArtifactError,
    UnexpectedResponseError,
)
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse
from ha_device_backup_http.recipe import recent_answers

from .conftest import Answers, device, fetch, files

SAVE = '[[fetch]]\nrequest = "GET /settings"\nsave = "settings.json"\n'


def by_path(answers: Mapping[str, object]) -> Answers:
    """Return answers by method and target; JSON of what is no answer, 404 for all else."""

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        for asked in (f"{request.method} {request.raw_target}", request.raw_target, request.path):
            if asked in answers:
                found = answers[asked]
                return found if isinstance(found, SimulatedResponse) else SimulatedResponse.json(found)
        return SimulatedResponse(404)

    return answer


def said(status: int, body: str = "", **headers: str) -> SimulatedResponse:
    return SimulatedResponse(status, "text/plain", body.encode(), {k.replace("_", "-"): v for k, v in headers.items()})


async def test_entries_of_a_list_are_fetched_each() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/items/*/id"
[[fetch]]
each = { id = "ids" }
request = "GET /script/{id}"
save = "scripts/{id}.js"
"""
    answers = {
        "/list": {"items": [{"id": 1}, {"id": "a/b"}]},
        "/script/1": said(200, "one"),
        "/script/a%2Fb": said(200),
    }
    async with device(by_path(answers)) as found:
        fetched = await fetch(found, recipe)

    # An empty script is a script.
    assert files(fetched) == {"scripts/1.js": b"one", "scripts/a%2Fb.js": b""}


async def test_lists_are_nested_two_levels() -> None:
    recipe = """
[[fetch]]
request = "GET /nodes"
capture.nodes = "json:/*"
[[fetch]]
each = { node = "nodes", kind = ["qemu", "lxc"] }
request = "GET /{node}/{kind}"
capture.ids = "json:/*/id"
save = "{node}/{kind}.json"
[[fetch]]
each = { node = "nodes" }
request = "GET /{node}/qemu"
capture.machines = "json:/*/id"
[[fetch.then]]
each = { id = "machines" }
request = "GET /{node}/qemu/{id}/config"
save = "{node}/qemu/{id}.json"
"""
    answers = {
        "/nodes": ["a", "b"],
        "/a/qemu": [{"id": 1}],
        "/a/lxc": [],
        "/b/qemu": [{"id": 2}, {"id": 3}],
        "/b/lxc": [],
    }
    answers |= {f"/{node}/qemu/{number}/config": {"n": number} for node, number in (("a", 1), ("b", 2), ("b", 3))}
    async with device(by_path(answers)) as found:
        fetched = await fetch(found, recipe)

    assert files(fetched) == {
        "a/qemu.json": b'[{"id": 1}]',
        "a/lxc.json": b"[]",
        "b/qemu.json": b'[{"id": 2}, {"id": 3}]',
        "b/lxc.json": b"[]",
        "a/qemu/1.json": b'{"n": 1}',
        "b/qemu/2.json": b'{"n": 2}',
        "b/qemu/3.json": b'{"n": 3}',
    }


@pytest.mark.parametrize(
    ("has_login", "asked"),
    [(True, ["GET /ways", "POST /login", "GET /settings", "POST /logout"]), (False, ["GET /ways", "GET /settings"])],
)
async def test_login_is_asked_for_only_where_the_device_wants_one(has_login: bool, asked: list[str]) -> None:
    recipe = """
[[open]]
request = "GET /ways"
capture.has_login = "json:/login"
[[open]]
only = { value = "{has_login}", in = [true] }
request = "POST /login"
[[close]]
unless = { value = "{has_login}", in = [false] }
request = "POST /logout"
"""
    answers = {"/ways": {"login": has_login}, "/login": {}, "/logout": {}, "/settings": {"a": 1}}
    async with device(by_path(answers)) as found:
        await fetch(found, recipe + SAVE)

        assert found.lines == asked


@pytest.mark.parametrize("answer", [{"items": 5}, {}, [], said(200, "no JSON"), {"items": None}])
async def test_list_out_of_what_is_none_is_unexpected(answer: object) -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/items/*/id"
[[fetch]]
each = { id = "ids" }
request = "GET /script/{id}"
save = "{id}.js"
"""
    async with device(by_path({"/list": answer, "/script/1": {"a": 1}})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)

        found.answers = by_path({"/list": {"items": [{"id": 1}]}, "/script/1": {"a": 1}})
        assert files(await fetch(found, recipe)) == {"1.js": b'{"a": 1}'}


async def test_nothing_at_all_is_no_backup() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/*"
[[fetch]]
each = { id = "ids" }
request = "GET /script/{id}"
save = "{id}.js"
"""
    async with device(by_path({"/list": []})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)


async def test_other_generation_is_asked_otherwise() -> None:
    recipe = """
[[open]]
request = "POST /new/login"
json = { password = "{password}" }
set = { prefix = "/new/api" }
[open.otherwise]
request = "POST /login"
form_fields = { pw = "{password}" }
set = { prefix = "" }
[[fetch]]
request = "GET {prefix}/settings"
save = "settings.json"
"""
    async with device(by_path({"/login": {}, "/settings": {"a": 1}})) as found:
        await fetch(found, recipe)
        assert found.lines == ["POST /new/login", "POST /login", "GET /settings"]
        assert (found.asked[0].body, found.asked[1].body) == (b'{"password": "canary/pass+1"}', b"pw=canary%2Fpass%2B1")

        found.answers = by_path({"/new/login": {}, "/new/api/settings": {"a": 1}})
        found.asked.clear()
        await fetch(found, recipe)
        assert found.lines == ["POST /new/login", "GET /new/api/settings"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said(404), "missing_more_json"),
        (said(405), "missing_more_json"),
        (said(410), "missing_more_json"),
        (said(403), "missing_more_json"),
        (said(200, "<html><body>login</body></html>"), "missing_more_json"),
        (said(200, '{"half": '), "missing_more_json"),
    ],
)
async def test_optional_file_is_named_as_missing(answer: SimulatedResponse, code: str) -> None:
    recipe = SAVE + '[[fetch]]\nrequest = "GET /more"\nsave = "more.json"\noptional = true\n'
    async with device(by_path({"/settings": {"a": 1}, "/more": answer})) as found:
        fetched = await fetch(found, recipe)
        assert [note.code for note in fetched.artifact.missing] == [code]
        assert files(fetched) == {"settings.json": b'{"a": 1}'}

        found.answers = by_path({"/settings": {"a": 1}, "/more": {"b": 2}})
        assert (await fetch(found, recipe)).artifact.missing == ()


@pytest.mark.parametrize(
    ("answer", "error"),
    [(said(401), AuthenticationError), (said(503, Retry_After="7"), DeviceBusyError), (said(429), DeviceBusyError)],
)
async def test_optional_never_hides_a_refused_login_or_a_busy_device(
    answer: SimulatedResponse, error: type[Exception]
) -> None:
    recipe = SAVE + '[[fetch]]\nrequest = "GET /more"\nsave = "more.json"\noptional = true\n'
    async with device(by_path({"/settings": {"a": 1}, "/more": answer})) as found:
        with pytest.raises(error):
            await fetch(found, recipe)


async def test_what_a_device_does_not_have_is_a_remark() -> None:
    recipe = SAVE + '[[fetch]]\nrequest = "GET /more"\nsave = "more.json"\nmay_be_absent = true\n'
    async with device(by_path({"/settings": {"a": 1}})) as found:
        fetched = await fetch(found, recipe)
        assert (fetched.artifact.missing, [note.code for note in fetched.remarks]) == ((), ["absent_more_json"])

        found.answers = by_path({"/settings": {"a": 1}, "/more": said(403)})
        fetched = await fetch(found, recipe)
        assert [note.code for note in fetched.artifact.missing] == ["missing_more_json"]


async def test_part_of_an_answer_is_kept() -> None:
    recipe = """
[[fetch]]
request = "GET /wrapped"
content = "/data/text"
save = "a.cfg"
[[fetch]]
request = "GET /wrapped"
content = "/data/config"
save = "b.json"
[[fetch]]
request = "GET /wrapped"
content = "/data/packed"
decode = "base64"
save = "c.txt"
[[fetch]]
request = "GET /text"
decode = "json"
save = "d.yaml"
"""
    wrapped = {"data": {"text": "a=ü\n", "config": {"z": 1, "a": [2]}, "packed": base64.b64encode(b"in\nit").decode()}}
    async with device(by_path({"/wrapped": wrapped, "/text": said(200, json.dumps("mqtt:\n  host: ü\n"))})) as found:
        fetched = await fetch(found, recipe)

    assert files(fetched) == {
        "a.cfg": "a=ü\n".encode(),
        "b.json": b'{"z":1,"a":[2]}',
        "c.txt": b"in\nit",
        "d.yaml": "mqtt:\n  host: ü\n".encode(),
    }


@pytest.mark.parametrize("answer", [{"data": None}, {"other": 1}, said(200, "no JSON")])
async def test_answer_without_its_part_is_no_backup(answer: object) -> None:
    recipe = '[[fetch]]\nrequest = "GET /wrapped"\ncontent = "/data"\nsave = "a.cfg"\n'
    async with device(by_path({"/wrapped": answer})) as found:
        with pytest.raises(InvalidArtifactError):
            await fetch(found, recipe)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("/dl/9.unf", "/dl/9.unf"),
        ("{origin}/dl/9.unf?x=1", "/dl/9.unf?x=1"),
    ],
)
async def test_address_that_the_device_names_is_asked_at_itself(value: str, path: str) -> None:
    recipe = """
[[fetch]]
request = "POST /make"
capture.address = "json:/url"
set.prefix = "/p"
[[fetch]]
request = "GET {prefix}{address}"
save = "settings.json"
"""
    async with device(lambda request: SimulatedResponse(404)) as found:
        found.answers = by_path({"/make": {"url": value.format(origin=found.url)}, f"/p{path}": {"a": 1}})
        assert files(await fetch(found, recipe)) == {"settings.json": b'{"a": 1}'}


@pytest.mark.parametrize(
    "value", ["http://elsewhere.example/x", "//elsewhere.example/x", "ftp://a/b", "@elsewhere/x", "http://", "//"]
)
async def test_address_elsewhere_is_refused(value: str) -> None:
    recipe = """
[[fetch]]
request = "POST /make"
capture.address = "json:/url"
[[fetch]]
request = "GET {address}"
save = "settings.json"
"""
    async with device(by_path({"/make": {"url": value}})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)
        assert found.lines == ["POST /make"]


async def test_values_are_encoded_where_they_stand() -> None:
    recipe = """
[[open]]
request = "GET /first"
capture = { number = "json:/n", object = "json:/o" }
[[open]]
request = "POST /login?user={password}"
query = { again = "{password}" }
headers = { X-Key = "{password|md5}", X-Later = "{sid}" }
json = { number = "{number}", text = "n{number}", all = "{object}" }
capture.sid = "header:X-Sid"
[[fetch]]
request = "GET /s/{sid}/{sid*}"
save = "settings.json"
[headers]
X-Sid = "{sid}"
[[identify]]
request = "GET /x"
"""
    answers = {"/first": {"n": 5, "o": {"a": [1]}}, "/login": said(200, "{}", X_Sid="a/b +c"), "/x": {}}
    answers["/s/a%2Fb%20%2Bc/a/b%20+c"] = {"a": 1}
    async with device(by_path(answers)) as found:
        await fetch(found, recipe)
        login = found.asked[1]

        assert login.raw_target == "/login?user=canary%2Fpass%2B1&again=canary%2Fpass%2B1"
        assert json.loads(login.body) == {"number": 5, "text": "n5", "all": {"a": [1]}}
        assert login.headers["x-key"] == hashlib.md5(b"canary/pass+1").hexdigest()
        assert not {"x-later", "x-sid"} & login.headers.keys()
        assert found.asked[-1].headers["x-sid"] == "a/b +c"


async def test_connection_that_is_closed_is_none() -> None:
    async with device(by_path({"/settings": {"a": 1}})) as found:
        found.faults.drop = 5
        with pytest.raises(CannotConnectError):
            await fetch(found, SAVE)


async def test_what_identifies_it_is_not_asked_again_to_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless something else than reading came in between, or much time."""
    identify = '[[identify]]\nrequest = "GET /settings"\ncapture.serial = "json:/serial"\n'
    whole = SimulatedResponse.json({"serial": 7})
    async with device(lambda _request: whole) as found:
        assert files(await fetch(found, identify + SAVE)) == {"settings.json": b'{"serial": 7}'}
        assert found.lines == ["GET /settings"]
        found.asked.clear()
        await fetch(found, f'{identify}[[fetch]]\nrequest = "POST /make"\n{SAVE}')
        assert found.lines == ["GET /settings", "POST /make", "GET /settings"]
        found.asked.clear()
        monkeypatch.setattr(recent_answers, "_FRESH", 0.0)
        await fetch(found, identify + SAVE)
        assert found.lines == ["GET /settings", "GET /settings"]
