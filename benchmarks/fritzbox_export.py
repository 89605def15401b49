"""Time of a whole FRITZ!Box backup, against a bare aiohttp fetch of the same bytes; requests and login attempts."""

import argparse
import asyncio
import contextlib
import json
import statistics
import time
from collections.abc import AsyncIterator, Sequence

import aiohttp

from ha_device_backup_core import AuthenticationError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import Ports
from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD, SimulatedFritzBox

SERIAL = "2c3afd0a1b2c"
KIBIBYTE = 1024


@contextlib.asynccontextmanager
async def box(size: int) -> AsyncIterator[SimulatedFritzBox]:
    """Serve a box whose export has about that many bytes."""
    async with SimulatedFritzBox() as fritz:
        fritz.box.confirmation.enabled = False
        fritz.box.configuration.padding = size * 3 // 4
        FritzBoxHandler.ports = Ports(plain=fritz.plain_port, encrypted=fritz.encrypted_port, web=fritz.web_port)
        yield fritz


def config(fritz: SimulatedFritzBox, password: str = PASSWORD) -> dict[str, object]:
    """Return what a person enters."""
    return {
        "host": fritz.host,
        "username": "homeassistant",
        "password": password,
        "export_password": EXPORT_PASSWORD,
        "certificate": fritz.sha256,
    }


async def bare(fritz: SimulatedFritzBox, content: bytes) -> float:
    """Return the seconds of one fetch of an export with nothing around it."""
    target = f"/{time.monotonic_ns()}"
    fritz.box.exports[target] = (fritz.box.clock(), content)
    url = f"https://{fritz.host}:{fritz.file_port}{target}"
    login = aiohttp.DigestAuthMiddleware("homeassistant", PASSWORD)
    pinned = aiohttp.Fingerprint(bytes.fromhex(fritz.sha256))
    begun = time.perf_counter()
    async with aiohttp.ClientSession() as http, http.get(url, ssl=pinned, middlewares=(login,)) as response:
        fetched = await response.read()
    seconds = time.perf_counter() - begun
    if fetched != content:
        raise RuntimeError("the bare fetch got something else")
    return seconds


async def measure(size: int, rounds: int) -> dict[str, object]:
    """Return what is measured."""
    registered = load_handlers().get("fritzbox")
    whole, alone, requests = [], [], 0
    async with box(size) as fritz:
        content = b""
        for _ in range(rounds + 1):
            fritz.requests.clear()
            begun = time.perf_counter()
            fetched = await runner.fetch(registered, config(fritz), expected_unique_id=SERIAL)
            whole.append(time.perf_counter() - begun)
            requests = len(fritz.requests)
            files = fetched.artifact.files()
            content = next(data for name, data in files.items() if name.endswith(".export"))
            alone.append(await bare(fritz, content))
        logins = fritz.logins
        with contextlib.suppress(AuthenticationError):
            await runner.fetch(registered, config(fritz, "wrong"), expected_unique_id=SERIAL)
        attempts = fritz.logins - logins
    backup, fetch = statistics.median(whole[1:]), statistics.median(alone[1:])
    return {
        "export_bytes": len(content),
        "backup_seconds": round(backup, 4),
        "bare_fetch_seconds": round(fetch, 4),
        "ratio": round(backup / fetch, 2),
        "requests": requests,
        "login_attempts_after_a_wrong_password": attempts,
    }


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=300, help="of the export, in KiB")
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args(given)


if __name__ == "__main__":
    chosen = arguments()
    print(json.dumps(asyncio.run(measure(chosen.size * KIBIBYTE, chosen.rounds)), indent=2))
