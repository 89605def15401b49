"""The kind of large folders keeps the contract, as every handler is checked; its programs are simulated."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_agent.trees.handler import TreeHandler
from ha_device_backup_agent.trees.keys import made_key
from ha_device_backup_core.testing import HandlerConformance, Simulated
from tests.http_checks import without_http
from tests.simulators.large_folders import FINGERPRINT, LargeFolders

from ..own_kinds import OF_AGENT, at_agent

RELAXED = without_http("It speaks no HTTP; test_handler.py plays what goes wrong with its programs.", "wrong_login")


@pytest.mark.once
class TestTree(HandlerConformance):
    handler = TreeHandler
    relaxed: ClassVar[dict[str, str]] = {**OF_AGENT, **RELAXED}
    folder: ClassVar[Path]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def agents(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        cls.folder = tmp_path_factory.mktemp("agents")

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        folder = self.folder / str(len(list(self.folder.iterdir())))
        machine, places = LargeFolders(folder / "machine"), at_agent(folder / "agent")
        (machine.tree / "sub").mkdir()
        (machine.tree / "sub/a").write_bytes(b"a" * 3000)
        (machine.tree / "b").write_text("hour=6\n")
        hours: Iterator[int] = iter(range(7, 24))

        async def change() -> None:
            (machine.tree / "b").write_text(f"hour={next(hours)}\n")

        key = made_key()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.handler, "places", places, raising=False)
            patch.setenv("PATH", f"{machine.bin}{os.pathsep}/usr/bin{os.pathsep}/bin")
            yield Simulated(
                config={
                    "host": "nas",
                    "username": "keeper",
                    "folder": str(machine.tree),
                    "host_key": FINGERPRINT,
                    "private_key": key,
                },
                change=change,
                secrets=(key,),
            )
            await places.upkeep.close()
