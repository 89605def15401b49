"""The pages for authors of recipes print what works: each piece is part of a recipe that is right."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from ha_device_backup_core.testing import run_job
from ha_device_backup_http.recipe import handler_of, load_recipe

DOCS = Path(__file__).parents[3] / "docs"
START = """format = 1
kind = "pump"
name = "Pump"
base = "{url}"
[[field]]
key = "url"
kind = "url"
[[field]]
key = "username"
kind = "text"
[[field]]
key = "password"
kind = "secret"
[[field]]
key = "token"
kind = "secret"
"""
END = """
[[fetch]]
request = "GET /config"
save = "config.json"
[[fetch]]
request = "GET /rules"
save = "rules.json"
[[fetch]]
request = "GET /scripts"
capture.scripts = "json:/*"
save = "scripts.json"
[[fetch]]
each = { script = "scripts" }
request = "GET /scripts/{script/id}"
save = "scripts/{script/name}.js"
"""
"""What a piece that gets no file is there for."""


def pieces() -> dict[str, str]:
    """Return each piece of TOML of the pages, by the page and its number there."""
    return {
        f"{page.stem}-{number}": piece
        for page in sorted(DOCS.glob("*recipe*.md"))
        for number, piece in enumerate(re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE))
    }


def completed(piece: str) -> str:
    """Return a recipe with the piece in it."""
    if piece.startswith("format"):
        return piece
    return START + piece + ("" if "[[fetch]]" in piece else END)


@pytest.mark.parametrize("piece", pieces().values(), ids=pieces().keys())
def test_every_piece_is_right(piece: str) -> None:
    assert load_recipe("page.toml", completed(piece).encode()).spec.kind in {"pump", "acme_pump"}


async def test_the_smallest_one_backs_up_the_pump_of_the_template() -> None:
    """An author has both before them."""
    (whole,) = (piece for piece in pieces().values() if piece.startswith("format"))
    recipe = load_recipe("acme_pump.toml", whole.encode())
    simulator = simulator_of_the_template()

    async with simulator.SimulatedPump() as pump:
        config = {"url": pump.url, "password": simulator.PASSWORD}
        fetched = await run_job(handler_of(recipe, "ha_device_backup_pumps"), config, unique_id="AC-4711")

    assert (fetched.device.version, fetched.artifact.filename) == ("1.4", "settings.json")


def simulator_of_the_template() -> ModuleType:
    """Return the module, whose name others have, too."""
    file = DOCS / "recipe-template/tests/simulator.py"
    specification = importlib.util.spec_from_file_location("simulated_pump", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
