"""Where a repository can be: at an SFTP server; and when the agent that made it is gone, at another agent."""

import asyncio
import json
import shutil
from pathlib import Path

import asyncssh
import pytest
from typer.testing import CliRunner

from ha_device_backup_agent.cli import app
from ha_device_backup_agent.trees.handler import tree_handler
from ha_device_backup_agent.trees.keys import authorized_line, made_key
from ha_device_backup_core import DeviceBackupError, UnsupportedDeviceError
from ha_device_backup_core.testing import run_restore

from .ssh import DEBIAN, USERNAME
from .test_trees import Bench, bench
from .trees import listing, places_in

pytestmark = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs programs of Debian's packages")
__all__ = ["bench"]


def reached_by_sftp(bench: Bench, agent: Path) -> str:
    """Write how an agent reaches a place at the server by SFTP, as its administrator does, and return the place."""
    private = made_key()
    login = " ".join(authorized_line(private, "/").split(" ")[-3:])
    bench.device.authorize(f"{bench.line.replace(' -ro', '')}\n{login}")
    place = bench.device.device / "kept"
    place.mkdir(exist_ok=True)
    bench.device.give_away()
    agent.mkdir(exist_ok=True)
    key = agent / "sftp key"
    key.touch(0o600)
    key.write_text(private)
    host_key = asyncssh.read_private_key(bench.device.key("ed25519")).export_public_key().decode()
    (agent / "known").write_text(f"* {host_key}")
    (agent / "ssh_config").write_text(
        f"Host nas\n HostName 127.0.0.1\n Port {bench.device.port}\n User {USERNAME}\n"
        f' IdentityFile "{key}"\n UserKnownHostsFile "{agent / "known"}"\n'
    )
    return f"sftp:nas:{place}/repository"


async def test_a_repository_at_an_sftp_server(bench: Bench, tmp_path: Path) -> None:
    agent = tmp_path / "with sftp"
    place = reached_by_sftp(bench, agent)
    bench.handler = tree_handler(places_in(agent, repository=place))
    before = listing(bench.device.tree)
    kept = await bench.fetch()
    assert json.loads(kept.content)["location"] == place
    assert (bench.device.device / "kept/repository/config").is_file()

    config = (agent / "ssh_config").read_text()
    (agent / "ssh_config").write_text(config.replace(str(bench.device.port), "1"))
    bench.handler = tree_handler(places_in(agent, repository=place))
    with pytest.raises(DeviceBackupError, match=r"restic: .*(sftp|ssh|EOF)"):
        await bench.fetch()
    (agent / "ssh_config").write_text(config)
    assert await bench.fetch() == kept

    wipe(bench.device.tree)
    bench.device.give_away()
    await run_restore(bench.handler, bench.config(), kept)
    assert listing(bench.device.tree) == before
    await bench.handler.places.repository.check("100%")


async def test_an_agent_that_is_gone_leaves_its_repository_to_another(bench: Bench, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    bench.handler = tree_handler(places_in(bench.agent, repository=str(disk)))
    before, kept = listing(bench.device.tree), await bench.fetch()
    password = bench.handler.places.repository.known_password()
    await bench.handler.places.upkeep.done()
    shutil.rmtree(bench.agent)

    bench.agent = tmp_path / "new"
    bench.handler = tree_handler(places_in(bench.agent, repository=str(disk)))
    with pytest.raises(UnsupportedDeviceError, match="repository open"):
        await bench.fetch()
    arguments = ["repository", "open", "--data", str(bench.agent), "--repository", str(disk)]
    told = await asyncio.to_thread(CliRunner().invoke, app, arguments, input=f"{password}\n")
    assert told.exit_code == 0, told.output

    bench.handler = tree_handler(places_in(bench.agent, repository=str(disk)))
    bench.device.authorize(bench.line.replace(" -ro", ""))
    wipe(bench.device.tree)
    bench.device.give_away()
    await run_restore(bench.handler, bench.config(), kept)
    assert listing(bench.device.tree) == before
    assert (await bench.fetch()).content == kept.content


def wipe(tree: Path) -> None:
    shutil.rmtree(tree)
    tree.mkdir()
