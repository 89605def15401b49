"""`recipe new` at a terminal, and the recipe that it wrote at work."""

import asyncio
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_core.cli.terminal import Terminal
from ha_device_backup_core.testing import Fetched, run_job
from ha_device_backup_http.recipe import handler_of, load_recipe
from ha_device_backup_http.recipe.command import recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, what it printed, and the file."""

    status: int
    said: tuple[str, ...]
    file: Path

    @property
    def text(self) -> str:
        """Return the recipe."""
        return self.file.read_text(encoding="utf-8")

    async def backs_up(self, entered: Mapping[str, object]) -> Fetched:
        """Back up by the recipe."""
        return await run_job(handler_of(load_recipe(self.file.name, self.file.read_bytes()), __name__), entered)

    async def is_steady(self, entered: Mapping[str, object]) -> bool:
        """Return whether a second backup shows no change."""
        first = await self.backs_up(entered)
        return (await self.backs_up(entered)).fingerprint == first.fingerprint


class Author:
    """Whoever begins recipes in a folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = folder / "device.toml"
        self._monkeypatch = monkeypatch

    async def new(self, *arguments: str, answers: str = "") -> Ended:
        """Run the command with these answers on its input, without a pause between the two fetches."""
        return await self.run("new", str(self.file), "--pause", "0", *arguments, answers=answers)

    async def run(self, *arguments: str, answers: str = "") -> Ended:
        """Run a command with these answers on its input; one that tries does not pause."""
        arguments = (*arguments, "--pause", "0") if arguments[0] == "try" else arguments
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        said: list[str] = []
        status = await asyncio.to_thread(recipe, arguments, said.append, Terminal())
        return Ended(status=status, said=tuple(said), file=self.file)


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """Return an author with an empty folder."""
    return Author(tmp_path, monkeypatch)
