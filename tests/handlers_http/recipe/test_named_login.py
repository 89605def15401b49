"""A login that is a computation comes from a package, by its name."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ha_device_backup_core import AuthenticationError
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse
from ha_device_backup_core.toolkit import Body, DeviceClient
from ha_device_backup_http.recipe import RecipeError

from .conftest import device, fetch, files

STEPS = """
[auth]
scheme = "backwards"
username = "keeper"
password = "{password}"
[[fetch]]
request = "GET /settings"
save = "settings.json"
"""


async def log_in(client: DeviceClient, *, username: str, password: str, token: str) -> Mapping[str, str]:
    """Send the password backwards."""
    answer = await client.post("/start", Body.json({"user": username, "word": password[::-1]}))
    return {"Authorization": f"Session {answer.checked().json_object()['id']}"}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the scheme."""
    info = tmp_path / "backwards-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: backwards\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[ha_device_backup_logins]\nbackwards = {__name__}:log_in\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    assert __name__ in sys.modules


def answer(request: SimulatedRequest) -> SimulatedResponse:
    if request.path == "/start":
        return SimulatedResponse.json({"id": 7}) if b'"terces"' in request.body else SimulatedResponse(401)
    is_in = request.headers.get("authorization") == "Session 7"
    return SimulatedResponse.json({"a": 1}) if is_in else SimulatedResponse(403)


@pytest.mark.usefixtures("installed")
async def test_package_logs_in_once() -> None:
    async with device(answer) as found:
        assert files(await fetch(found, STEPS, password="secret")) == {"settings.json": b'{"a": 1}'}
        assert found.lines[0] == "POST /start"
        assert found.lines.count("POST /start") == 1

        with pytest.raises(AuthenticationError):
            await fetch(found, STEPS, password="other")


async def test_without_the_package_the_recipe_is_wrong() -> None:
    async with device(answer) as found:
        with pytest.raises(RecipeError, match=r"there is no “backwards”; .*or install the package that brings it"):
            await fetch(found, STEPS)
