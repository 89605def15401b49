"""`ha-device-backup recipe save`: settings of the form as a recipe in a file."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from ha_device_backup_core.cli.terminal import Terminal
from ha_device_backup_http.recipe.command import recipe
from tests.handlers_http.conftest import assert_no_canary
from tests.simulators.http_service import PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService


@pytest.fixture
def service() -> Iterator[SimulatedService]:
    """A service in a loop of its own: the command has one, too."""
    loop, found = asyncio.new_event_loop(), SimulatedService(LoginStyle.BASIC)
    thread = Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(found.start(), loop).result()
    yield found
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def run(*arguments: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return recipe(arguments, said.append, Terminal()), said


def settings(service: SimulatedService, **changes: str) -> list[str]:
    entered = {"url": f"{service.origin}{SETTINGS_PATH}", "login": "basic", "username": USERNAME, "password": PASSWORD}
    return [part for key, value in (entered | changes).items() for part in ("--set", f"{key}={value}")]


def test_settings_become_a_file(service: SimulatedService, tmp_path: Path) -> None:
    file = str(tmp_path / "pump.toml")

    status, said = run("save", file, "--name", "My Pump", *settings(service))

    assert (status, re.sub(r"\S+pump", "pump", said[0])) == (
        0,
        "pump.toml is written. Look through it, then: ha-device-backup recipe check pump.toml",
    )
    written = Path(file).read_text(encoding="utf-8")
    assert_no_canary(written)
    assert service.origin not in written
    assert 'form = "json"' in written
    assert run("check", file) == (0, [f"{file}: nothing is wrong; my_pump keeps settings"])
    assert run("save", file, "--name", "My Pump", *settings(service)) == (2, [f"{file}: File exists"])


def test_what_goes_wrong(service: SimulatedService, tmp_path: Path) -> None:
    file = str(tmp_path / "pump.toml")
    assert run("save", file, "--name", "Pump", *settings(service, password="wrong"))[0] == 1
    assert run("save", file, "--name", "Pump", *settings(service, url="nowhere"))[0] == 2
    status, said = run("save", file, "--name", "Pump", "--set", "nothing=1")
    assert (status, said[0].startswith(f"{file}: “nothing” is no field")) == (2, True)
    assert run("save", file)[0] == 2
    assert not Path(file).exists()
