"""Programs at an agent, run for a client: what they put out, what goes wrong, and that nothing else can be run."""

import json
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.own_kinds import DISTRIBUTION, with_own_kinds
from ha_device_backup_agent.trees.places import TreePlaces
from ha_device_backup_core import (
    ArtifactTooLargeError,
    DeviceBackupError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreReport,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    in_language,
)
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.agent.remote_handler import RemoteHandler
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.testing import run_job, run_probe, run_restore
from tests.agent.agents import agent_here, handler_of

CANARY = "sesame-canary-of-a-program"

UNSURE = "It may hold all of the backup, a part of it or nothing: restore again."


@dataclass
class Bench:
    """An agent with one program, which a test writes."""

    program: Path
    folder: Path
    restored: Path

    def write(self, script: str) -> None:
        self.program.write_text("#!/bin/sh\n" + textwrap.dedent(script))
        self.program.chmod(0o755)

    def allow(self, **changes: object) -> None:
        settings = {
            "id": "notes",
            "name": "Notes",
            "argv": [str(self.program), "all"],
            "form": "json",
            "restore": ["/bin/sh", "-c", f"cat > {self.restored}"],
        } | changes
        # Lists, texts and numbers are written alike in JSON and TOML.
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        file = self.folder / "programs.toml"
        file.write_text("\n".join(["[[program]]", *lines, f'environment.SECRET = "{CANARY}"', ""]))
        file.chmod(0o600)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[type[RemoteHandler]]:
        async with agent_here(self.folder, HandlerRegistry()) as agent:
            client = AgentClient(agent)
            kinds = await client.kinds()
            here = with_own_kinds(HandlerRegistry(), self.folder, agent.agent_id, places(self.folder)).handlers[
                "command_notes"
            ]
            yield handler_of(client, kinds, "command_notes", here)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "agent"
    folder.mkdir()
    made = Bench(program=tmp_path / "notes", folder=folder, restored=tmp_path / "restored")
    made.write("""printf '{"%s": "%s"}' "$1" "$HOSTILE" """)
    made.allow()
    return made


def places(folder: Path) -> TreePlaces:
    return TreePlaces(DataFolder(folder))


async def failure(handler: type[RemoteHandler]) -> DeviceBackupError:
    with pytest.raises(DeviceBackupError) as caught:
        await run_job(handler, {})
    assert CANARY not in str(caught.value)
    return caught.value


async def test_a_backup_and_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE", "what the agent knows")
    async with bench.served() as handler:
        device = await run_probe(handler, {})
        fetched = await run_job(handler, {}, unique_id=device.unique_id)
        report = await run_restore(handler, {}, fetched.artifact)

    assert (device.name, fetched.artifact.content, fetched.artifact.filename) == ("Notes", b'{"all": ""}', "output")
    assert bench.restored.read_bytes() == b'{"all": ""}'
    assert report.proven == ()
    assert [in_language(text) for text in report.unproven] == ["Notes took the file. Look whether all is as it was."]
    assert handler.spec.fields == ()


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        ('echo first >&2; echo "no: $SECRET" >&2; exit 3', UnexpectedResponseError, "3. no: **REDACTED**"),
        ("echo why not >&2", UnexpectedResponseError, "It put nothing out. why not"),
        ("kill -9 $$", UnexpectedResponseError, "It ended with status -9."),
        ("echo '{'", InvalidArtifactError, "It is no JSON."),
        ("echo '\"0123456789012345678901234567890\"'", ArtifactTooLargeError, ""),
        ("sleep 60 & sleep 60", UnexpectedResponseError, "It did not end within 1 seconds."),
    ],
)
async def test_what_goes_wrong(bench: Bench, script: str, error: type[DeviceBackupError], said: str) -> None:
    working = bench.program.read_bytes()
    bench.write(script)
    bench.allow(timeout=1, max_bytes=30)
    async with bench.served() as handler:
        found = await failure(handler)
        bench.program.write_bytes(working)
        await run_job(handler, {})

    assert isinstance(found, error)
    assert said in found.detail_in()


async def test_a_program_that_is_away(bench: Bench) -> None:
    bench.program.chmod(0o600)
    async with bench.served() as handler:
        found = await failure(handler)
        bench.program.chmod(0o700)
        await run_job(handler, {})

    assert isinstance(found, UnsupportedDeviceError)
    assert str(bench.program) in found.detail_in()


@pytest.mark.parametrize(
    ("restore", "error", "said"),
    [
        (
            ["/bin/sh", "-c", "cat >/dev/null; echo it is full >&2; exit 1"],
            RestoreNotVerifiedError,
            f"{UNSURE} It ended with status 1. it is full",
        ),
        (["/bin/sh", "-c", "sleep 60"], RestoreNotVerifiedError, f"{UNSURE} It did not end within 1 seconds."),
        (["/nowhere"], RestoreRejectedError, "/nowhere is not at the agent, or may not be run."),
    ],
)
async def test_a_restore_that_goes_wrong(
    bench: Bench, restore: list[str], error: type[DeviceBackupError], said: str
) -> None:
    bench.allow(restore=restore, timeout=1)
    async with bench.served() as handler:
        fetched = await run_job(handler, {})
        with pytest.raises(error) as caught:
            await run_restore(handler, {}, fetched.artifact)
    assert said in caught.value.detail_in()

    bench.allow(restore=["/bin/true"])
    async with bench.served() as handler:
        assert isinstance(await run_restore(handler, {}, fetched.artifact), RestoreReport)


async def test_a_mistake_in_the_file_keeps_nothing_else_away(bench: Bench) -> None:
    with (bench.folder / "programs.toml").open("a") as file:
        file.write('[[program]]\nid = "other"\n')

    found = with_own_kinds(HandlerRegistry(), bench.folder, "a1", places(bench.folder))

    assert list(found.handlers) == ["command_notes", "rsync"]
    assert [(problem.distribution, in_language(problem.message)) for problem in found.problems] == [
        (DISTRIBUTION, f"{bench.folder / 'programs.toml'}, line 8: “name” has to be a text.")
    ]
