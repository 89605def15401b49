"""The commands, as people type them."""

import asyncio
import re
import socket
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ha_device_backup_agent.cli import app, main
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.agent.pair import find_agent, pair
from ha_device_backup_core.errors import AgentRefusedError

from .agents import HOST
from .conftest import Cellar

ROOT = Path(__file__).parents[2]


async def said(folder: Path, *arguments: str, status: int = 0) -> str:
    def call() -> Result:
        *names, last = arguments
        return CliRunner().invoke(app, [*names, last, "--data", str(folder)])

    result = await asyncio.to_thread(call)
    assert result.exit_code == status, result.output
    return result.output


async def test_from_pairing_to_revoking(cellar: Cellar) -> None:
    shown = await said(cellar.folder, "pair")
    code = re.search(r"Code: +(\S+)", shown)
    found = await find_agent(HOST, cellar.agent.port)
    assert code is not None
    assert re.sub("[^0-9a-f]", "", shown.split("Fingerprint:")[1].splitlines()[0].lower()) == found.sha256
    assert "Pairing:     open" in await said(cellar.folder, "status")

    another = AgentClient(await pair(found, code[1], client="Home\x1b[31m"))

    status = await said(cellar.folder, "status")
    assert f"Running:     yes, at port {cellar.agent.port}" in status
    assert "Pairing:     closed" in status
    assert "Clients:     2" in status
    listed = (await said(cellar.folder, "clients", "list")).splitlines()
    assert [line.split("  ")[2] for line in listed] == ["Home Assistant", "Home�[31m"]
    assert await another.kinds() != ()
    assert "It is out." in await said(cellar.folder, "clients", "revoke", listed[1].split("  ")[0])
    with pytest.raises(AgentRefusedError):
        await another.kinds()
    assert await cellar.client.kinds() != ()
    assert "no such client" in await said(cellar.folder, "clients", "revoke", "nobody", status=1)


def test_the_version_is_that_of_the_distribution() -> None:
    wanted = tomllib.loads((ROOT / "agent/pyproject.toml").read_text())["project"]["version"]
    assert CliRunner().invoke(app, ["--version"]).output == f"ha-device-backup-agent {wanted}\n"


async def test_a_german_terminal(cellar: Cellar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    code, fingerprint, advice = (await said(cellar.folder, "pair")).splitlines()
    assert code.startswith("Code:          ")
    assert fingerprint.startswith("Fingerabdruck: ")
    assert advice == "Gib den Code innerhalb von 15 Minuten ein und vergleiche den Fingerabdruck."
    status = [line.split(maxsplit=1) for line in (await said(cellar.folder, "status")).splitlines()]
    assert [name for name, _ in status] == ["Name:", "Kennung:", "Fingerabdruck:", "Läuft:", "Koppeln:", "Clients:"]
    assert [fact for _, fact in status[3:]] == [f"ja, auf Port {cellar.agent.port}", "offen", "1"]
    assert await said(cellar.folder, "clients", "revoke", "nobody", status=1) == (
        "Diesen Client gibt es nicht. Sieh nach: clients list\n"
    )
    nowhere = tmp_path / "nothing"
    assert await said(nowhere, "status", status=1) == (
        f"In {nowhere} ist kein Agent. Starte ihn zuerst: ha-device-backup-agent run --data {nowhere}\n"
    )
    assert await said(cellar.folder, "repository", "show", status=1) == (
        f"In {cellar.folder} ist noch kein Repository: Das erste Backup eines großen Ordners legt es an.\n"
    )


def test_a_damaged_folder_is_named_in_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    (tmp_path / "agent.json").write_text("{")
    monkeypatch.setattr("sys.argv", ["ha-device-backup-agent", "status", "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value) == f"{tmp_path / 'agent.json'} lässt sich nicht lesen."


@pytest.mark.parametrize("command", ["run", "pair", "status", "clients list", "clients revoke"])
def test_the_help_of_a_command_has_examples(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=100).output
    (first, *_) = shown.split("Examples:")[1].strip().splitlines()
    assert first.startswith(f"ha-device-backup-agent {command} ")
    assert "--data" in first


def test_a_shell_completes_commands() -> None:
    asked = {
        "_HA_DEVICE_BACKUP_AGENT_COMPLETE": "complete_bash",
        "COMP_WORDS": "ha-device-backup-agent ",
        "COMP_CWORD": "1",
    }
    result = CliRunner().invoke(app, [], prog_name="ha-device-backup-agent", env=asked)
    assert {"run", "pair", "status", "clients", "repository"} <= set(result.output.split())
    assert "app" not in result.output.split()


async def test_without_an_agent(tmp_path: Path) -> None:
    for arguments in (("pair",), ("status",), ("clients", "list"), ("clients", "revoke", "x")):
        assert "Start it first" in await said(tmp_path / "nothing", *arguments, status=1)
    assert not (tmp_path / "nothing").exists()


async def test_an_agent_that_does_not_run(cellar: Cellar, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in ("agent.json", "certificate.pem"):
        (copied / name).write_bytes((cellar.folder / name).read_bytes())
    assert "Running:     no" in await said(copied, "status")


@pytest.mark.parametrize(("name", "content"), [("clients.json", "{"), ("clients.json", "[]"), ("agent.json", "{}")])
def test_a_damaged_folder_is_named(
    tmp_path: Path, name: str, content: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "agent.json").write_text('{"schema": 1, "id": "a", "name": "b"}')
    (tmp_path / "certificate.pem").write_text("no certificate" if name == "agent.json" else _certificate())
    (tmp_path / name).write_text(content)
    monkeypatch.setattr("sys.argv", ["ha-device-backup-agent", "status", "--data", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        main()

    assert name in str(ended.value)
    assert "Traceback" not in capsys.readouterr().err


def test_a_port_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as taken:
        place = ["--host", HOST, "--port", str(taken.getsockname()[1]), "--no-announce"]
        monkeypatch.setattr("sys.argv", ["ha-device-backup-agent", "run", "--data", str(tmp_path / "agent"), *place])
        with pytest.raises(SystemExit) as ended:
            main()
    assert str(ended.value) == "Another program listens at this port. Stop it, or choose another port with --port."


def _certificate() -> str:
    from ha_device_backup_agent.identity import _new_certificate

    return _new_certificate().decode()
