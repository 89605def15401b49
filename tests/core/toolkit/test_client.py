"""HTTP with a device: errors in words, patience, limits."""

import asyncio
from dataclasses import replace
from typing import cast

import aiohttp
import pytest
from yarl import URL

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerContext,
    PermissionDeniedError,
    UnexpectedResponseError,
    in_language,
)
from ha_device_backup_core.toolkit import (
    Body,
    ConnectionClosedError,
    DeviceClient,
    Pace,
    Request,
    Response,
    basic_login,
)
from tests.core.example_handler import ExampleHandler

from .devices import LARGEST, QUICK, Endless, answer, client_of, context, device

CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"
BAD_GZIP = answer(b"xx", "200 OK", "Content-Encoding: gzip")
NO_HTTP = b"SSH-2.0-dropbear\r\n"
BUSY = answer(b"", "503 Busy", "Retry-After: 0")
GOOD = answer(b"good")


async def test_an_answer_is_given_whatever_its_status() -> None:
    async with device(answer(b"no", "404 Not Found", "X-One: 1", "x-one: 2")) as served, client_of(served) as client:
        said = await client.get("/a b/ü", {"key": "a/b&c ü"})
        assert (said.status, said.body, said.values("X-One")) == (404, b"no", ["1", "2"])
        assert said.headers["x-ONE"] == "1"
        assert served.asked == ["GET /a%20b/%C3%BC?key=a/b%26c%20%C3%BC HTTP/1.1"]


async def test_half_a_character_goes_into_an_address_as_its_bytes() -> None:
    async with device(answer(b"no")) as served, client_of(served) as client:
        await client.get("/a\ud800", {"key": "\udcff\udfff"})
        assert served.asked == ["GET /a%ED%A0%80?key=%FF%ED%BF%BF HTTP/1.1"]


@pytest.mark.parametrize(
    "said",
    [
        b'HTTP/1.1 401 U\r\nWWW-Authenticate: Digest realm="\xff", nonce="a", qop="auth"\r\nContent-Length: 0\r\n\r\n',
        answer(b"", "302 Found", f"Location: http://{'a' * 300}/"),
    ],
)
async def test_what_cannot_go_into_the_next_request_is_unexpected(said: bytes) -> None:
    async with device(said) as served, client_of(served) as client:
        login = aiohttp.DigestAuthMiddleware("somebody", "canary")
        with pytest.raises(UnexpectedResponseError, match="garbled"):
            await client.send(Request(path="/a", follow=True, middlewares=(login,)))


async def test_what_a_device_says_of_a_file() -> None:
    kind, name = "Content-Type: text/plain; charset=x", "Content-Disposition: attachment; filename=a.bin"
    sent = answer(b"1", "200 OK", kind, name)
    async with device(sent) as served, client_of(served) as client:
        said = await client.get("/a")
        assert (said.filename, said.media_type, said.charset) == ("a.bin", "text/plain", "x")
        assert (said.is_file, said.is_encoded) == (True, False)
        assert said.url == URL(f"{client.url}/a")


async def test_a_header_may_be_long() -> None:
    sent = answer(b"1", f"200 {'OK' * 5000}", f"X-All: {'a' * 60_000}")
    async with device(sent) as served, client_of(served) as client:
        assert len((await client.get("/a")).headers["X-All"]) == 60_000


@pytest.mark.parametrize("fault", [CUT, BAD_GZIP, NO_HTTP, BUSY, b""])
async def test_a_fault_that_passes_is_waited_for(fault: bytes) -> None:
    async with device(fault, fault, GOOD) as served, client_of(served) as client:
        assert await client.read("/x") == b"good"
        assert len(served.asked) == 3


@pytest.mark.parametrize(
    ("fault", "error", "once", "several"),
    [
        (CUT, UnexpectedResponseError, "The answer ended too early.", "Its answer broke off, several times."),
        (BAD_GZIP, UnexpectedResponseError, "The answer ended too early.", "Its answer broke off, several times."),
        (NO_HTTP, UnexpectedResponseError, "What it sent is no HTTP.", "Its answer is not understood."),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            UnexpectedResponseError,
            *["Its answer breaks the rules of HTTP, and is not read therefore: Duplicate Content-Length."] * 2,
        ),
        (
            b"",
            ConnectionClosedError,
            "It closed the connection without an answer.",
            "It closed the connection without an answer, several times.",
        ),
        (BUSY, DeviceBusyError, "", ""),
    ],
)
async def test_a_fault_that_stays_is_told(
    fault: bytes, error: type[DeviceBackupError], once: str, several: str
) -> None:
    async with device(fault) as served, client_of(served) as client:
        for pace, words in ((QUICK.once(), once), (QUICK, several)):
            with pytest.raises(error) as caught:
                await client.get("/x", pace=pace)
            assert caught.value.detail_in() == words
        # Where a connection is closed, aiohttp by itself asks once more.
        assert len(served.asked) == (1 + QUICK.tries) * (2 if fault == b"" else 1)
        served.answers = [GOOD]
        assert await client.read("/x") == b"good"


async def test_one_that_is_silent_is_not_asked_again() -> None:
    async with device(None) as served, client_of(served) as client:
        with pytest.raises(CannotConnectError, match="did not answer in time"):
            await client.get("/x", pace=replace(QUICK, silence=0.2))
        assert len(served.asked) == 1


@pytest.mark.parametrize("total", [None, 60.0])
async def test_one_that_sends_a_byte_now_and_then_is_not_waited_for_to_the_end(total: float | None) -> None:
    async with device(Endless(b"x", seconds=0.01)) as served, client_of(served) as client:
        with pytest.raises(CannotConnectError, match="comes too slowly"):
            await client.get("/x", pace=replace(QUICK, silence=0.1, total=total))
        assert len(served.asked) == 1


async def test_a_slow_answer_is_waited_for_as_long_as_it_comes() -> None:
    slow = replace(QUICK, silence=0.4, slowest=1_000.0)
    async with device(Endless(b"x" * 500, seconds=0.05, count=12)) as served, client_of(served) as client:
        assert len(await client.read("/x")) == 6_000
        assert len((await client.get("/x", pace=slow)).body) == 6_000


async def test_where_nobody_listens_nobody_is_asked_again(unused_tcp_port: int) -> None:
    async with context() as given:
        with pytest.raises(CannotConnectError, match="nothing answers there"):
            await DeviceClient(given, "127.0.0.1", unused_tcp_port, pace=Pace(tries=9, pause=60.0)).get("/")


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), ("soon", None), ("9" * 99, None), ("99999", 86400.0), ("-1", None)]
)
async def test_a_busy_device_says_when_to_come_back(said: str, seconds: float | None) -> None:
    async with device(answer(b"", "429 Slow", f"retry-after: {said}")) as served, client_of(served) as client:
        with pytest.raises(DeviceBusyError) as caught:
            await client.get("/x", pace=QUICK.once())
        assert caught.value.retry_after == seconds
        calm = Request(path="/x", busy=())
        answered = await client.send(calm)
        assert (answered.status, answered.retry_after) == (429, seconds)


async def test_what_is_posted_is_posted_once_unless_it_may_come_twice() -> None:
    body = Body.json({"a": 1})
    async with device(b"") as served, client_of(served) as client:
        for again, asked in ((False, 1), (True, QUICK.tries)):
            served.asked.clear()
            with pytest.raises(ConnectionClosedError):
                await client.post("/x", body, again=again)
            assert len(served.asked) == asked
        served.answers = [CUT, GOOD]
        assert (await client.put("/x", body)).body == b"good"
        assert served.bodies[-1] == b'{"a": 1}'
        assert "Content-Type: application/json" in served.heads[-1]
        assert "Content-Length: 8" in served.heads[-1]


async def test_headers_go_with_each_request() -> None:
    async with device(GOOD) as served, context() as given:
        client = DeviceClient(given, "127.0.0.1", served.port, headers=basic_login("admin", "4711"))
        await client.get("/x")
        assert "Authorization: Basic YWRtaW46NDcxMQ==" in served.heads[-1]
        assert "Connection: close" in served.heads[-1]
        await client.send(Request(path="/x", headers={"Authorization": "Bearer 1"}))
        assert "Authorization: Bearer 1" in served.heads[-1]
        await DeviceClient(given, "127.0.0.1", served.port, own_connections=False).get("/x")
        assert "Connection: close" not in served.heads[-1]


async def test_one_request_at_a_time() -> None:
    async with device(CUT, GOOD) as served, client_of(served) as client:
        answers = await asyncio.gather(*(client.read(f"/{number}") for number in range(5)))
        assert answers == [b"good"] * 5
        assert served.most_at_a_time == 1


async def test_a_redirect_is_followed_only_where_that_is_wanted_and_within_the_host() -> None:
    near = answer(b"", "302 Found", "Location: /y")
    async with device(near, near, GOOD) as served, client_of(served) as client:
        assert (await client.get("/x")).status == 302
        assert (await client.send(Request(path="/x", follow=True))).body == b"good"
        served.answers = [answer(b"", "302 Found", "Location: http://192.0.2.1/")]
        for follow in (True, False):
            with pytest.raises(UnexpectedResponseError, match="redirects"):
                await client.send(Request(path="/x", follow=follow))
        assert (await client.send(Request(path="/x", middlewares=()))).status == 302


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("401 Unauthorized", AuthenticationError),
        ("403 Forbidden", PermissionDeniedError),
        ("404 Not Found", UnexpectedResponseError),
        ("302 Found", UnexpectedResponseError),
        ("500 Oh", UnexpectedResponseError),
    ],
)
async def test_what_is_read_has_to_be_there(status: str, error: type[DeviceBackupError]) -> None:
    async with device(answer(b"", status)) as served, client_of(served) as client:
        with pytest.raises(error) as caught:
            await client.read("/x")
        assert type(caught.value) is error
        served.answers = [answer(b"", "204 No Content")]
        assert await client.read("/x") == b""


async def test_answers_have_limits() -> None:
    async with device(answer(bytes(LARGEST + 1))) as served, client_of(served) as client:
        with pytest.raises(ArtifactTooLargeError):
            await client.get("/x")
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n"
        for said in (answer(b"12345"), chunked):
            served.answers = [said]
            assert (await client.send(Request(path="/x", longest=5))).body == b"12345"
            with pytest.raises(UnexpectedResponseError, match="too long"):
                await client.send(Request(path="/x", longest=4))


async def test_a_packed_answer_can_be_had_as_it_is() -> None:
    async with device(BAD_GZIP) as served, client_of(served) as client:
        said = await client.send(Request(path="/x", decompress=False))
        assert (said.body, said.is_encoded) == (b"xx", True)


async def test_a_device_is_reached_by_ipv6_and_at_another_address() -> None:
    async with device(GOOD, host="::1") as served, client_of(served, host="::1") as client:
        assert client.url == f"http://[::1]:{served.port}"
        assert await client.read("/x") == b"good"
        client.move_to("127.0.0.1")
        with pytest.raises(CannotConnectError):
            await client.read("/x")
        client.move_to("::1")
        assert await client.read("/x") == b"good"


async def test_a_client_is_made_of_the_fields_of_a_handler() -> None:
    """One without a port is asked at the usual one."""
    async with device(GOOD) as served, context() as given:
        handler = ExampleHandler(given, {"host": "127.0.0.1", "port": served.port})
        client = DeviceClient.of(handler, headers={"X": "1"}, pace=QUICK)
        assert (await client.read("/x"), client.pace) == (b"good", QUICK)
        assert "X: 1" in served.heads[-1]
        handler = ExampleHandler(given, {"host": "::1"})
        assert DeviceClient.of(handler, scheme="https").url == "https://[::1]"
        assert DeviceClient.of(handler).headers == {"Connection": "close"}
        assert DeviceClient.of(handler, own_connections=False).headers == {}


@pytest.mark.parametrize("host", ["fe80::1", "fe80::1%eth0", "::ffff:10.0.0.7", "2001:db8::7"])
def test_any_ipv6_address_makes_an_address_for_a_browser(host: str) -> None:
    assert DeviceClient(cast("HandlerContext", None), host, 80).url == f"http://[{host}]"


def test_answers_say_what_is_in_them() -> None:
    said = Response(200, {}, b'\xef\xbb\xbf{"name": "K\xfcche"}')
    assert said.json() == said.json_object() == {"name": "K\udcfcche"}
    assert said.text == '{"name": "K\udcfcche"}'
    for read in (Response(200, {}, b"<html>").json, Response(200, {}, b"[]").json_object):
        with pytest.raises(UnexpectedResponseError) as caught:
            read()
        assert in_language(caught.value.detail or "", "de") == "Seine Antwort ist kein JSON."


def test_nothing_that_may_be_secret_is_printed() -> None:
    said = Response(200, {"Set-Cookie": "canary"}, b"canary", url=URL("http://x/?key=canary"))
    asked = Request(path="/canary", query={"key": "canary"}, headers={"X": "canary"}, body=Body(b"canary"))
    assert "canary" not in repr(said) + repr(asked)
