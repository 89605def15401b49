"""The unit file for systemd starts the agent as its page says, with few rights."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ha_device_backup_agent.cli import app

from .app_files import ROOT

UNIT = ROOT / "agent/systemd/ha-device-backup-agent.service"
PAGE = ROOT / "docs/agent.md"


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign] # names with capitals
    parser.read_string(UNIT.read_text())
    return parser


def test_it_starts_what_there_is() -> None:
    program, command, *options = shlex.split(unit()["Service"]["ExecStart"])
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    assert all(option in shown for option in options if option.startswith("--"))
    assert options[options.index("--data") + 1] == f"/var/lib/{unit()['Service']['StateDirectory']}"
    assert program in PAGE.read_text()


def test_the_page_makes_what_it_needs() -> None:
    page = PAGE.read_text()
    user = unit()["Service"]["User"]
    assert re.search(rf"useradd .*\b{user}\b", page)
    assert str(UNIT.relative_to(ROOT)) in page


def test_it_has_few_rights() -> None:
    service = unit()["Service"]
    wanted = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": "", "PrivateTmp": "yes"}
    assert {key: service[key] for key in wanted} == wanted


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_knows_all_of_it(tmp_path: Path) -> None:
    """What it does not know it only mentions."""
    program = shlex.split(unit()["Service"]["ExecStart"])[0]
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace(program, "/bin/true").replace("device-backup-agent\n", "root\n", 1))
    done = subprocess.run(["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert said == []
