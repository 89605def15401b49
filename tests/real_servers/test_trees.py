"""A folder of a device with real sshd, rsync and restic: kept, unchanged, put back."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_agent.trees.handler import TreeHandler, tree_handler
from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    FileChange,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
    RestoreRejectedError,
    in_language,
)
from ha_device_backup_core.testing import run_job, run_plan, run_probe, run_restore

from .ssh import DEBIAN
from .test_ssh import ODD, made
from .trees import RsyncDevice, listing, machine, places_in

pytestmark = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs programs of Debian's packages")


@dataclass
class Bench:
    """A device, and an agent that has its key."""

    device: RsyncDevice
    agent: Path
    handler: type[TreeHandler]
    key: str = ""
    line: str = ""

    def config(self, **changes: object) -> dict[str, object]:
        return self.device.config(private_key=self.key, **changes)

    async def fetch(self, **changes: object) -> Artifact:
        return (await run_job(self.handler, self.config(**changes))).artifact


def filled(tree: Path) -> None:
    """Put into a tree what trees have."""
    (tree / "2024/summer").mkdir(parents=True)
    (tree / "2024/summer/a.jpg").write_bytes(os.urandom(300_000))
    (tree / "2024/summer" / ODD).write_bytes(b"odd")
    (tree / "2024/run.sh").write_text("#!/bin/sh\n")
    (tree / "2024/run.sh").chmod(0o750)
    (tree / "private").write_text("p")
    (tree / "private").chmod(0o600)
    (tree / "latest").symlink_to("2024/summer")
    (tree / "nowhere").symlink_to("/etc/passwd")
    (tree / "empty").mkdir()
    (tree / "cache").mkdir()
    (tree / "cache/x.tmp").write_text("noise")
    for path in tree.rglob("*"):
        # For rsync a link put back within the second in which it was made has its time already.
        os.utime(path, ns=(1_600_000_000_123_456_789, 1_600_000_000_123_456_789), follow_symlinks=False)


@pytest.fixture
async def bench(tmp_path: Path, agent_with_repository: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setenv("PATH", f"{machine(tmp_path / 'bin')}:/usr/bin:/bin")
    device = made(RsyncDevice, tmp_path)
    assert isinstance(device, RsyncDevice)
    filled(device.tree)
    shutil.copytree(agent_with_repository, tmp_path / "agent")
    handler = tree_handler(places_in(tmp_path / "agent"))
    async with device:
        with pytest.raises(KeyPairOfferedError) as offered:
            await run_probe(handler, device.config())
        found = Bench(device, tmp_path / "agent", handler, offered.value.private, offered.value.public)
        device.authorize(found.line)
        device.give_away()
        yield found


async def test_how_a_device_gets_in(bench: Bench) -> None:
    assert bench.line.startswith(f"""restrict,command="rrsync -ro '{bench.device.tree}'" ssh-ed25519 AAAA""")
    with pytest.raises(HostKeyNotTrustedError) as shown:
        await run_probe(bench.handler, bench.config(host_key=None))
    assert bench.config(host_key=shown.value.sha256)
    bench.device.authorize("# nobody")
    bench.device.give_away()
    with pytest.raises(AuthenticationError) as refused:
        await run_probe(bench.handler, bench.config())
    assert bench.line in refused.value.detail_in()

    bench.device.authorize(bench.line)
    bench.device.give_away()
    device = await run_probe(bench.handler, bench.config(host_key=shown.value.sha256))

    assert device.name == f"127.0.0.1:{bench.device.tree}"
    assert [notice.code for notice in device.notices] == ["password_not_noted"]
    assert list((bench.agent / "jobs").iterdir()) == []


async def test_a_backup_and_an_unchanged_one(bench: Bench) -> None:
    said: list[str] = []
    first = (
        await run_job(
            bench.handler,
            bench.config(excludes="/cache/"),
            progress=lambda _share, text: said.append(in_language(text)),
        )
    ).artifact
    assert said[0] == "0 MB came from the device."
    second = await bench.fetch(excludes="/cache/")

    assert second == first
    told = json.loads(first.content)
    tree = bench.device.tree
    assert (told["tree"]["files"], told["tree"]["folders"], told["excludes"]) == (6, 3, ["/cache/"])
    assert first.missing == ()
    (mirror,) = (bench.agent / "large/mirrors").glob("*/tree")
    assert listing(mirror)["2024/summer/a.jpg"] == listing(tree)["2024/summer/a.jpg"]
    assert not (mirror / "cache").exists()

    (tree / "private").write_text("q")
    (tree / "2024/run.sh").unlink()
    third = await bench.fetch(excludes="/cache/")
    assert json.loads(third.content)["tree"]["files"] == 5
    assert json.loads(third.content)["snapshot"] != told["snapshot"]


async def test_a_restore(bench: Bench) -> None:
    tree = bench.device.tree
    kept = await bench.fetch()
    before = listing(tree)
    unchanged = run_plan(bench.handler, bench.config(), kept)
    with pytest.raises(RestoreRejectedError) as refused:
        await unchanged
    writable = bench.line.replace(" -ro", "")
    assert writable in refused.value.detail_in()
    bench.device.authorize(writable)
    bench.device.give_away()
    assert (await run_plan(bench.handler, bench.config(), kept)).changes_nothing

    wiped = tree.rename(tree.with_name("old"))
    tree.mkdir()
    (tree / "own").write_text("stays")
    (tree / "private").write_text("another")
    bench.device.give_away()
    plan = await run_plan(bench.handler, bench.config(), kept)
    told: list[str] = []
    report = await run_restore(
        bench.handler, bench.config(), kept, lambda share, text: told.append(f"{share} {in_language(text)}")
    )

    changes = {file.name: (file.change, tuple(map(in_language, file.details))) for file in plan.files}
    assert changes["2024/summer/a.jpg"] == (FileChange.ADDED, ())
    assert changes["private"][0] is FileChange.CHANGED
    assert "own" not in changes
    assert [in_language(text) for text in plan.needs] == ["What is on the device and not in the backup stays there."]
    assert listing(tree) == before | {"own": listing(tree)["own"]} == listing(wiped) | {"own": listing(tree)["own"]}
    assert next(map(in_language, report.proven)).endswith(f"of {tree} have the content that they had.")
    assert report.unproven == ()
    assert any("0 of 0 MB are sent." in line for line in told)
    assert (await run_plan(bench.handler, bench.config(), kept)).changes_nothing
