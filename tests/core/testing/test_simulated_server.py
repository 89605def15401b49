"""A simulated device behaves as small devices do, faults included."""

import asyncio
import contextlib
import signal
import ssl
import sys
from dataclasses import dataclass

import aiohttp
import pytest

from ha_device_backup_core.testing import SimulatedFaults, SimulatedRequest, SimulatedResponse, SimulatedServer
from tests.simulators.fritzbox import certificates


@dataclass(slots=True, kw_only=True)
class Faults(SimulatedFaults):
    """With one of its own."""

    deaf: int = 0


class Lamp(SimulatedServer):
    """A device that says what it was asked, and may restart."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(tls=tls, host=host)
        self.own_faults = Faults()
        self.brightness = 0
        self.asked: list[SimulatedRequest] = []

    @property
    def faults(self) -> Faults:
        return self.own_faults

    def boot(self) -> None:
        self.brightness = 0

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        self.asked.append(request)
        if self.faults.take("deaf", request.raw_target):
            return None
        if request.path == "/restart":
            self.restart()
        self.brightness += 1
        if request.path == "/page":
            return SimulatedResponse(200, "text/html", b"<html>", {"X-Page": "1"}, chunked=True)
        return SimulatedResponse.json({"brightness": self.brightness})


async def ask(
    lamp: Lamp, path: str = "/", method: str = "GET", body: bytes | None = None, *, seconds: float = 10.0
) -> tuple[int, bytes]:
    """Ask a lamp something."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(method, lamp.url + path, data=body, ssl=False) as response,
    ):
        return response.status, await response.read()


async def test_it_is_asked_and_answers() -> None:
    async with Lamp() as lamp:
        assert await ask(lamp, "/a%20b?key=1&no=") == (200, b'{"brightness": 1}')
        assert await ask(lamp, "/page", "POST", b"c=d") == (200, b"<html>")
        assert lamp.requests == [("GET", "/a%20b?key=1&no="), ("POST", "/page")]
        first, second = lamp.asked
        assert (first.path, first.query, first.body) == ("/a b", {"key": "1", "no": ""}, b"")
        assert (second.method, second.body, second.content_type) == ("POST", b"c=d", "application/octet-stream")
        assert second.form() == {"c": "d"}
        assert lamp.max_in_flight == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_it_speaks_tls_and_ipv6(host: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.use(tls, 0)
    async with Lamp(tls, host) as lamp:
        assert lamp.url.startswith("https://")
        assert (await ask(lamp))[0] == 200
        lamp.faults.truncate = 1
        with pytest.raises(aiohttp.ClientPayloadError):
            await ask(lamp)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("hang", TimeoutError),
        ("drop", aiohttp.ClientConnectionError),
        ("truncate", aiohttp.ClientPayloadError),
        ("deaf", aiohttp.ServerDisconnectedError),
    ],
)
async def test_a_fault_happens_where_it_is_meant_and_as_often(fault: str, error: type[Exception]) -> None:
    async with Lamp() as lamp:
        lamp.faults.path = "/a"
        # Where a connection is closed, aiohttp by itself asks once more.
        setattr(lamp.faults, fault, 2 if fault in {"drop", "deaf"} else 1)
        assert (await ask(lamp, "/b"))[0] == 200
        with pytest.raises(error):
            await ask(lamp, "/a", seconds=0.2 if fault == "hang" else 10.0)
        assert (await ask(lamp, "/a"))[0] == 200


async def test_a_web_page_and_a_delay() -> None:
    async with Lamp() as lamp:
        lamp.faults.web_page, lamp.faults.delay = 1, 0.01
        assert (await ask(lamp))[1].startswith(b"<!DOCTYPE html>")
        assert (await ask(lamp))[1] == b'{"brightness": 1}'


async def test_a_restart_takes_what_is_in_memory() -> None:
    async with Lamp() as lamp:
        await ask(lamp)
        lamp._began -= 1000
        await ask(lamp, "/restart")
        lamp.restart()
        while not lamp.restarts or not lamp.is_there:
            await asyncio.sleep(0.005)
        assert lamp.uptime < 1000
        assert await ask(lamp) == (200, b'{"brightness": 1}')
        assert lamp.restarts == 1


async def test_it_may_stay_away() -> None:
    async with Lamp() as lamp:
        lamp.faults.stay_away = True
        lamp.restart(delay=0.0)
        while not lamp.restarts:
            await asyncio.sleep(0.005)
        assert lamp.restarts == 1
        while lamp.on_network:
            await asyncio.sleep(0.005)
        with pytest.raises((TimeoutError, aiohttp.ClientConnectionError)):
            await ask(lamp, seconds=0.2)


async def test_somebody_pulls_the_plug() -> None:
    async with Lamp() as lamp:
        port = lamp.port
        await lamp.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(lamp)
        await lamp.start()
        assert lamp.port == port
        assert (await ask(lamp))[0] == 200


async def test_noise_is_no_request() -> None:
    async with Lamp() as lamp:
        for noise in (b"", b"x" * 20_000, b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n1"):
            reader, writer = await asyncio.open_connection(lamp.host, lamp.port)
            writer.write(noise)
            writer.write_eof()
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
        assert lamp.asked == []


async def test_it_is_served_until_it_is_stopped() -> None:
    program = (
        "import asyncio; from ha_device_backup_core.testing import SimulatedServer, serve;"
        "asyncio.run(serve(SimulatedServer(), SimulatedServer()))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(2):
        assert (await process.stdout.readline()).startswith(b"SimulatedServer at http://127.0.0.1:")
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
