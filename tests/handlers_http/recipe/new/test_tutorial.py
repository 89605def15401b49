"""The commands of docs/writing-a-recipe.md, run word for word before a pump of the test."""

import asyncio
import re
import shlex
import sys
from pathlib import Path

import pytest
from aiohttp import web

from tests.handlers_http.conftest import assert_no_canary
from tests.simulators.http_service import PASSWORD, USERNAME, LoginStyle, SimulatedService

PAGE = Path(__file__).parents[4] / "docs/writing-a-recipe.md"
ADDRESS_OF_THE_PAGE, USER_OF_THE_PAGE = "http://pump.local", "username=admin"
ANSWERS = {
    "new": f"Acme\nbasic\n{USERNAME}\n{PASSWORD}\n/api/info\n1\n",
    "check": "",
    "try": f"{PASSWORD}\n",
}
"""What the author enters, by the command."""
LAST_LINES = {
    "new": "acme_pump.toml is written: look through it, above all for secrets.",
    "check": "acme_pump.toml: nothing is wrong; acme_pump keeps settings.json",
    "try": "A second backup is equal.",
}


def commands() -> list[list[str]]:
    """Return the commands of the section."""
    section = PAGE.read_text(encoding="utf-8").partition("## A recipe in 15 minutes\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.mark.once
async def test_an_author_has_a_recipe_that_works(tmp_path: Path) -> None:
    async with SimulatedService(LoginStyle.BASIC) as pump:
        pump.answers["/api/info"] = lambda _request: web.json_response({"serial": "ABC-0815", "version": "1.4.2"})
        for program, *arguments in commands():
            assert program == "ha-device-backup"
            ended = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "ha_device_backup_core.cli",
                *(
                    argument.replace(ADDRESS_OF_THE_PAGE, pump.origin).replace(USER_OF_THE_PAGE, f"username={USERNAME}")
                    for argument in arguments
                ),
                cwd=tmp_path,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            output, errors = await ended.communicate(ANSWERS[arguments[1]].encode())

            assert (ended.returncode, output.decode().splitlines()[-1:]) == (0, [LAST_LINES[arguments[1]]]), errors
    assert [command[2] for command in commands()] == ["new", "check", "try"]
    assert_no_canary((tmp_path / "acme_pump.toml").read_text())
