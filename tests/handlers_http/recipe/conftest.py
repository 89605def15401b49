"""Recipes written in a test, before devices written in a test."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ha_device_backup_core.testing import Fetched, SimulatedRequest, SimulatedResponse, SimulatedServer, run_job
from ha_device_backup_http import RecipeHandler
from ha_device_backup_http.recipe import handler_of, load_recipe

type Answers = Callable[[SimulatedRequest], SimulatedResponse]

HEAD = """format = 1
kind = "pump"
name = "Pump"
tested = "1.0"
base = "{url}"
[[field]]
key = "url"
kind = "url"
[[field]]
key = "password"
kind = "secret"
"""


class Device(SimulatedServer):
    """A device that answers what a function says, and keeps what it was asked."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[SimulatedRequest] = []

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        self.asked.append(request)
        return self.answers(request)

    @property
    def lines(self) -> list[str]:
        """Return the requests, a line each."""
        return [f"{request.method} {request.raw_target}" for request in self.asked]


def handler(steps: str, head: str = HEAD) -> type[RecipeHandler]:
    """Return the handler of a recipe with these steps."""
    return handler_of(load_recipe("pump.toml", (head + steps).encode()), __name__)


@asynccontextmanager
async def device(answers: Answers) -> AsyncIterator[Device]:
    """Start a device."""
    async with Device(answers) as started:
        yield started


async def fetch(found: Device, steps: str, head: str = HEAD, **entered: object) -> Fetched:
    """Make a backup."""
    return await run_job(handler(steps, head), {"url": found.url, "password": "canary/pass+1", **entered})


def files(fetched: Fetched) -> dict[str, bytes]:
    """Return what is in the backup."""
    return dict(fetched.artifact.files())
