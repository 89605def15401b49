"""Steps that are repeated: lists and texts that come in pages, and waiting until something holds."""

import json

import pytest

from ha_device_backup_core import (
    DeviceBusyError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse

from .conftest import device, fetch, files
from .test_engine import by_path


async def test_pages_of_lists_are_joined() -> None:
    recipe = """
[[fetch]]
request = "GET /list?match=*"
pages = { offset = "offset", items = "/items", total = "/total" }
save = "list.json"
"""

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        offset = int(request.query.get("offset", "0"))
        return SimulatedResponse.json({"items": list(range(5))[offset : offset + 2], "total": 5, "rev": 1})

    async with device(answer) as found:
        fetched = await fetch(found, recipe)

        assert json.loads(files(fetched)["list.json"]) == {"items": [0, 1, 2, 3, 4], "total": 5, "rev": 1}
        assert found.lines[-3:] == ["GET /list?match=*", "GET /list?match=*&offset=2", "GET /list?match=*&offset=4"]


async def test_pieces_of_a_text_are_joined_by_bytes() -> None:
    code = "print('grün ünd blau');\n" * 40
    recipe = """
[[fetch]]
request = "GET /code?id=1"
pages = { offset = "offset", items = "/data", left = "/left" }
content = "/data"
save = "code.js"
"""

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        offset, raw = int(request.query.get("offset", "0")), code.encode()
        piece = raw[offset : offset + 101]
        left = len(raw) - offset - len(piece)
        body = b'{"data":' + json.dumps(piece.decode("latin-1"), ensure_ascii=False).encode("latin-1")
        return SimulatedResponse(200, "application/json", body + b',"left":%d}' % left)

    async with device(answer) as found:
        assert files(await fetch(found, recipe)) == {"code.js": code.encode()}


async def test_pages_without_progress_are_unexpected() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
pages = { offset = "offset", items = "/items", total = "/total" }
save = "list.json"
"""
    async with device(by_path({"/list": {"items": [], "total": 5}})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)


async def test_next_says_where_the_next_page_begins() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
pages = { offset = "first", items = "/files", next = "/next" }
save = "list.json"
"""
    answers = {"/list": {"files": ["a"], "next": 7}, "/list?first=7": {"files": ["b"], "next": 0}}
    async with device(by_path(answers)) as found:
        assert json.loads(files(await fetch(found, recipe))["list.json"])["files"] == ["a", "b"]


async def test_waiting_ends_when_it_holds() -> None:
    recipe = """
[[fetch]]
request = "POST /make"
capture.name = "json:/name"
[[fetch]]
request = "GET /state"
wait = { until = { json = { "/files/*/name" = "{name}" } }, every = 0.01, tries = 5 }
[[fetch]]
request = "GET /file/{name}"
save = "settings.json"
[[close]]
request = "DELETE /file/{name}"
"""
    looks: list[int] = []

    def answer(request: SimulatedRequest) -> SimulatedResponse:
        if request.path == "/state":
            looks.append(1)
            return SimulatedResponse.json({"files": [{"name": "b.zip"}] if len(looks) > 2 else []})
        return SimulatedResponse.json({"name": "b.zip", "value": 1})

    async with device(answer) as found:
        await fetch(found, recipe)
        assert found.lines[-2:] == ["GET /file/b.zip", "DELETE /file/b.zip"]
        assert len(looks) == 3

        found.answers = by_path({"/make": {"name": "c.zip"}, "/state": {"files": []}})
        with pytest.raises(DeviceBusyError):
            await fetch(found, recipe)
        assert found.lines[-1] == "DELETE /file/c.zip"


async def test_waiting_ends_with_an_error_that_is_told() -> None:
    recipe = """
[[fetch]]
request = "GET /state"
wait = { until = { "/done" = true }, every = 0.01, tries = 5 }
save = "settings.json"
[[fetch.error]]
json = { "/failed" = true }
means = "unsupported"
"""
    async with device(by_path({"/state": {"done": False, "failed": True}})) as found:
        with pytest.raises(UnsupportedDeviceError):
            await fetch(found, recipe)
        assert len(found.lines) == 1
