"""Answers that are nearly right: half a list, an entry that is none, a way up, a way to another port."""

import pytest

from ha_device_backup_core import UnexpectedResponseError
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


async def test_name_of_a_long_value_keeps_its_ending() -> None:
    async with device(
        lambda asked: SimulatedResponse.json({"items": [{"id": "x" * 3000}]} if asked.path == "/list" else {"a": 1})
    ) as found:
        (name,) = files(await fetch(found, EACH))
    assert (len(name), name[-6:]) == (200, "x.json")


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
