"""Answers that are nearly right: half a list, an entry that is none, a way up, a way to another port."""

import pytest

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse

from .conftest import device, fetch, files
from .test_engine import SAVE, by_path, said

EACH = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/items/*/id"
[[fetch]]
each = { id = "ids" }
request = "GET /i/{id}"
save = "i/{id}.json"
"""
PAGES = """
[[fetch]]
request = "GET /list"
pages = { offset = "offset", items = "/items", total = "/total" }
save = "list.json"
"""


@pytest.mark.parametrize(
    "items",
    [
        [1, 2],
        ["a"],
        [{"name": "a"}, {"name": "b"}],
        [{"id": None}],
        [{"id": "a"}, {"name": "b"}],
        [{"id": ""}],
        [{"id": "."}],
        [{"id": ".."}],
        [{"id": "a\nb"}],
    ],
)
async def test_entries_that_are_none_are_unexpected(items: list[object]) -> None:
    answers: dict[str, object] = {"/list": {"items": items}, "/i/": {"a": 1}, "/settings": {"a": 1}}
    async with device(by_path(answers)) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, SAVE + EACH)
        assert found.lines == ["GET /settings", "GET /list"]

        answers["/list"] = {"items": []}
        assert list(files(await fetch(found, SAVE + EACH))) == ["settings.json"]


@pytest.mark.parametrize(
    "use",
    [
        'only = { value = "{item/type}", in = ["a"] }',
        'unless = { value = "{item/type}", in = ["b"] }',
        'unless = { value = "b", in = ["{item/type}"] }',
    ],
)
@pytest.mark.parametrize("is_optional", [False, True])
async def test_entry_without_what_decides_on_it_is_unexpected(use: str, *, is_optional: bool) -> None:
    steps = f"""
[[fetch]]
request = "GET /list"
capture.items = "json:/items/*"
[[fetch]]
each = {{ item = "items" }}
{use}
request = "GET /i/{{item/id}}"
save = "i/{{item/id}}.json"
optional = {str(is_optional).lower()}
"""
    whole = {"id": "1", "type": "a"}
    answers: dict[str, object] = {
        "/list": {"items": [whole, {"id": "2"}]},
        "/i/1": {"a": 1},
        "/i/2": {"a": 1},
        "/settings": {"a": 1},
    }
    async with device(by_path(answers)) as found:
        if is_optional:
            (note,) = (await fetch(found, SAVE + steps)).artifact.missing
            assert note.code == "missing_i_2_json"
        else:
            with pytest.raises(UnexpectedResponseError, match=r"no item/type, which GET /i/\{item/id\} needs"):
                await fetch(found, SAVE + steps)

        answers["/list"] = {"items": [whole]}
        assert list(files(await fetch(found, SAVE + steps))) == ["i/1.json", "settings.json"]


async def test_list_that_lacks_a_value_is_unexpected() -> None:
    steps = """
[[fetch]]
request = "GET /list"
capture.list = "json:/list"
[[fetch]]
each = { id = ["{list/first}", "{list/last}"] }
request = "GET /i/{id}"
save = "i/{id}.json"
"""
    answers: dict[str, object] = {"/list": {"list": {"first": "1"}}, "/i/1": {"a": 1}, "/i/2": {"a": 1}}
    async with device(by_path(answers)) as found:
        with pytest.raises(UnexpectedResponseError, match=r"no list/last, which GET /i/\{id\} needs"):
            await fetch(found, steps)
        answers["/list"] = {"list": {"first": "1", "last": "2"}}
        assert list(files(await fetch(found, steps))) == ["i/1.json", "i/2.json"]


@pytest.mark.parametrize(
    "use",
    [
        'request = "GET /s/{sid}"',
        'request = "GET /s/{sid*}"',
        'request = "GET /s/{sid|form}"',
        'request = "GET /s"\nquery = { sid = "{sid}" }',
        'request = "GET /s"\nheaders = { X-Sid = "{sid}" }',
        'request = "POST /s"\njson = { sid = "{sid}" }',
        'request = "POST /s"\nform_fields = { sid = "{sid}" }',
        'request = "POST /s"\nmultipart = { sid = "{sid}" }',
        'request = "POST /s"\nbody = "{sid}"',
    ],
)
@pytest.mark.parametrize("sid", [rb'{"sid":"a\ud800b"}', b'{"sid":"a\xffb"}'])
async def test_half_characters_and_odd_bytes_go_into_requests(use: str, sid: bytes) -> None:
    steps = f"""
[[open]]
request = "POST /login"
capture.sid = "json:/sid"
[[fetch]]
{use}
save = "s.json"
"""
    async with device(
        lambda asked: SimulatedResponse(200, "application/json", sid if asked.path == "/login" else b'{"a": 1}')
    ) as found:
        assert files(await fetch(found, steps)) == {"s.json": b'{"a": 1}'}


@pytest.mark.parametrize("told", ["a\u2028b", "a\ud800", "x" * 256])
async def test_id_that_nobody_can_read_is_unexpected(told: str) -> None:
    steps = """
[[identify]]
request = "GET /id"
capture.id = "json:/id"
[device]
unique_id = "{id}"
"""
    answers: dict[str, object] = {"/id": {"id": told}, "/settings": {"a": 1}}
    async with device(by_path(answers)) as found:
        with pytest.raises(UnexpectedResponseError, match="signs that nobody sees"):
            await fetch(found, steps + SAVE)
        answers["/id"] = {"id": "a b"}
        assert list(files(await fetch(found, steps + SAVE))) == ["settings.json"]


async def test_name_of_a_long_value_keeps_its_ending() -> None:
    async with device(
        lambda asked: SimulatedResponse.json({"items": [{"id": "x" * 3000}]} if asked.path == "/list" else {"a": 1})
    ) as found:
        (name,) = files(await fetch(found, EACH))
    assert (len(name), name[-6:]) == (200, "x.json")


def offset_of(request: SimulatedRequest) -> str:
    """Return which page is asked for."""
    return request.raw_target.partition("offset=")[2]


@pytest.mark.parametrize("total", ["3", 3.0])
async def test_total_may_be_written_as_text(total: object) -> None:
    def page(request: SimulatedRequest) -> SimulatedResponse:
        offset = int(request.raw_target.partition("offset=")[2] or 0)
        return SimulatedResponse.json({"items": [offset], "total": total})

    async with device(page) as found:
        fetched = await fetch(found, PAGES)
        assert len(found.lines) == 3
    assert b'"items":[0,1,2]' in files(fetched)["list.json"].replace(b" ", b"")


@pytest.mark.parametrize("total", ["many", [3], True, 2.5, {"n": 3}])
async def test_total_that_is_no_number_is_unexpected(total: object) -> None:
    answers = {"/list": {"items": [1], "total": total}}
    async with device(by_path(answers)) as found:
        with pytest.raises(UnexpectedResponseError, match="has no number at /total"):
            await fetch(found, PAGES)
        answers["/list"]["total"] = 1
        await fetch(found, PAGES)


@pytest.mark.parametrize("second", [{}, {"total": None}, {"total": 4}])
async def test_total_that_only_the_first_page_tells_holds_for_all(second: dict[str, object]) -> None:
    pages = {"": {"items": [1, 2], "total": 4}, "2": {"items": [3, 4], **second}}
    async with device(lambda request: SimulatedResponse.json(pages[offset_of(request)])) as found:
        assert b"1,2,3,4" in files(await fetch(found, PAGES))["list.json"].replace(b" ", b"")


@pytest.mark.parametrize("second", [{}, {"left": None}, {"left": -1}])
async def test_what_is_left_is_told_by_every_page(second: dict[str, object]) -> None:
    pages = {"": {"items": [1, 2], "left": 2}, "2": {"items": [3, 4], **second}, "4": {"items": []}}
    steps = PAGES.replace("total", "left")
    async with device(lambda request: SimulatedResponse.json(pages[offset_of(request)])) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, steps)

        pages["2"] = {"items": [3, 4], "left": 0}
        await fetch(found, steps)


async def test_half_a_list_is_none_where_only_the_first_page_says_how_many_there_are() -> None:
    pages = {"": {"items": [1, 2], "total": 6}, "2": {"items": [3, 4]}, "4": {"items": []}}
    async with device(lambda request: SimulatedResponse.json(pages[offset_of(request)])) as found:
        with pytest.raises(UnexpectedResponseError, match="do not come to an end"):
            await fetch(found, PAGES)


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\r\n", b"\xef\xbb\xbf"])
async def test_blank_file_of_many_is_a_file(content: bytes) -> None:
    steps = SAVE + EACH.replace(".json", ".txt")
    answers: dict[str, object] = {
        "/list": {"items": [{"id": 1}]},
        "/i/1": SimulatedResponse(200, "text/plain", content),
        "/settings": {"a": 1},
    }
    async with device(by_path(answers)) as found:
        assert content in files(await fetch(found, steps)).values()
        if content:
            with pytest.raises(InvalidArtifactError):
                await fetch(found, SAVE + EACH)


async def test_what_a_device_told_is_encoded_though_the_recipe_writes_a_value_of_that_name_elsewhere() -> None:
    steps = """
[[fetch]]
each = { way = ["a/b"] }
request = "GET /written/{way}"
save = "{way}.json"
[[fetch]]
request = "GET /list"
capture.ways = "json:/items/*"
[[fetch]]
each = { way = "ways" }
request = "GET /told/{way}"
save = "told/{way}.json"
[[fetch]]
each = { way = ["c/d"] }
request = "GET /written/{way}"
save = "{way}.json"
"""

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        return SimulatedResponse.json({"items": ["../x?y=1"]})

    async with device(answer) as found:
        await fetch(found, steps)
        assert found.lines == ["GET /written/a/b", "GET /list", "GET /told/..%2Fx%3Fy%3D1", "GET /written/c/d"]


@pytest.mark.parametrize("steps", [SAVE, SAVE.replace("GET", "POST") + 'json = { pin = "{password}" }\n'])
async def test_redirect_to_another_port_is_not_followed(steps: str) -> None:
    steps = steps + "redirects = true\n"
    async with device(by_path({"/settings": {"a": 1}})) as other:
        answers: dict[str, object] = {"/settings": said(307, Location=f"{other.url}/settings")}
        async with device(by_path(answers)) as found:
            with pytest.raises(UnexpectedResponseError, match="is not followed"):
                await fetch(found, steps)
            answers |= {"/settings": said(307, Location="/there"), "/there": {"a": 1}}
            await fetch(found, steps)
        assert other.lines == []


async def test_redirects_end() -> None:
    async with device(by_path({"/settings": said(302, Location="/settings")})) as found:
        with pytest.raises(UnexpectedResponseError, match="redirects without end"):
            await fetch(found, f"{SAVE}redirects = true\n")
        assert len(found.lines) == 10


async def test_other_method_after_other_redirects() -> None:
    steps = f"{SAVE.replace('GET', 'POST')}json = {{ a = 1 }}\nredirects = true\n"
    async with device(by_path({"POST /settings": said(303, Location="/made"), "GET /made": {"a": 1}})) as found:
        await fetch(found, steps)
        assert [(asked.method, asked.body) for asked in found.asked] == [("POST", b'{"a": 1}'), ("GET", b"")]
