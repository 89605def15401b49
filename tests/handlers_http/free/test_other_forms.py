"""What suddenly has another form than the backup before is suspect, unless a person asked for something else."""

import gzip
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of
from tests.simulators.http_service import CANARIES, SimulatedService

from .conftest import fetch
from .test_normalize import zipped

JSON = b'{"ssid": "home", "rooms": "' + b"x" * 300 + b'"}'
XML = b"<config><ssid>home</ssid></config>" + b" " * 300
TEXT = b"The export is being made.\nPlease wait for it to end.\n" * 7
ZIP = zipped({"settings.ini": b"[a]\nb=1\n" * 40})
GZIP = gzip.compress(b"[a]\nb=1\n" * 40)


async def came(service: SimulatedService, path: str = "/get", /, *, answers: dict[str, bytes], **more: Any) -> Extent:  # noqa: ANN401 - what a person enters
    """Return the extent of a backup for which the service answered so."""
    for address, content in answers.items():
        service.answers[address] = lambda _request, content=content: web.Response(  # type: ignore[misc] # mypy sees no second argument
            body=content, content_type="application/octet-stream"
        )
    fetched = await fetch(service, path, **more)
    assert not [canary for canary in CANARIES if canary in str(fetched.artifact.attributes)]
    return fetched.extent


def judged(new: Extent, before: Extent) -> Suspicion | None:
    return suspicion_of(new, before, comparable=True)


@pytest.mark.parametrize("before", [JSON, XML, ZIP, GZIP, TEXT])
@pytest.mark.parametrize("now", [JSON, XML, ZIP, GZIP, TEXT])
async def test_another_form_where_nobody_said_which(service: SimulatedService, before: bytes, now: bytes) -> None:
    first = await came(service, answers={"/get": before})
    second = await came(service, answers={"/get": now})
    assert judged(second, first) is (None if now is before else Suspicion.OTHER_FORM)
    lines = {"files": ("a = /a",)}
    first = await came(service, answers={"/get": JSON, "/a": before}, **lines)
    second = await came(service, answers={"/get": JSON, "/a": now}, **lines)
    assert judged(second, first) is (None if now is before else Suspicion.OTHER_FORM)


@pytest.mark.parametrize(
    "changed",
    [
        {"path": "/get?as=text"},
        {"content": "any"},
        {"method": "post"},
        {"path": "/other"},
    ],
)
async def test_a_person_who_asks_for_something_else_gets_it(service: SimulatedService, changed: dict[str, Any]) -> None:
    first = await came(service, answers={"/get": JSON})
    more = dict(changed)
    second = await came(service, more.pop("path", "/get"), answers={"/get": TEXT, "/other": TEXT}, **more)
    assert judged(second, first) is None
    assert judged(await came(service, answers={"/get": TEXT}), first) is Suspicion.OTHER_FORM


async def test_what_is_no_longer_asked_for_is_no_loss(service: SimulatedService) -> None:
    answers = {"/get": JSON, "/a": JSON * 9, "/b": JSON}
    first = await came(service, answers=answers, files=("a = /a", "b = /b"))
    assert judged(await came(service, answers=answers), first) is None
    assert judged(await came(service, answers=answers, files=("a = /b", "b = /b")), first) is None
    assert (
        judged(await came(service, answers=answers | {"/get": TEXT}, files=("b = /b",)), first) is Suspicion.OTHER_FORM
    )


async def test_one_file_that_shrank_to_a_tenth(service: SimulatedService) -> None:
    answers = {"/get": TEXT * 40, "/a": TEXT}
    first = await came(service, answers=answers, files=("a = /a",))
    second = await came(service, answers=answers | {"/a": b"a = 1\nb = 2\n"}, files=("a = /a",))
    assert judged(second, first) is Suspicion.FILE_SHRUNK
    assert judged(await came(service, answers=answers, files=("a = /a",)), first) is None
