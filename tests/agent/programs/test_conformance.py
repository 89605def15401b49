"""Kinds of programs keep the contract, as every handler is checked."""

import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_agent.programs.configuration import AllowedProgram
from ha_device_backup_agent.programs.forms import OutputForm
from ha_device_backup_agent.programs.handler import program_handler
from ha_device_backup_core.testing import HandlerConformance, Simulated
from tests.http_checks import without_http

from ..own_kinds import OF_AGENT

RELAXED = without_http("It asks no device; test_handler.py plays what goes wrong with its program.", "wrong_login")
SECRET = "sesame-canary-of-a-program"
PLACE = Path(tempfile.gettempdir()) / f"device-backups-program-{os.getpid()}"


@pytest.mark.once
class TestProgram(HandlerConformance):
    """A program that puts out what stands in a file, and another one that writes it."""

    handler = program_handler(
        AllowedProgram(
            name_in_kind="notes",
            name="Notes",
            argv=("/bin/cat", str(PLACE / "notes")),
            form=OutputForm.JSON,
            filename="notes.json",
            environment={"SECRET": SECRET},
            restore=("/bin/sh", "-c", f"cat > {PLACE / 'notes'}"),
        ),
        agent_id="a" * 32,
    )
    relaxed: ClassVar[dict[str, str]] = {**OF_AGENT, **RELAXED}

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        PLACE.mkdir(exist_ok=True)
        hours: Iterator[int] = iter(range(7, 24))

        async def change() -> None:
            (PLACE / "notes").write_text(json.dumps({"hour": next(hours), "day": "monday" * 20}))

        await change()
        yield Simulated(config={}, change=change, secrets=(SECRET,))
        shutil.rmtree(PLACE)
