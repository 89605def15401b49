"""The pages and the template for authors say what is so."""

import importlib
import logging
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import indent
from typing import Any

import aiohttp
import pytest
import typer
from aiohttp import web
from typer.testing import CliRunner

import ha_device_backup_core
from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.discovery import Announcement, FoundDevice, match
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.testing import HandlerConformance, Simulated, new_handler
from ha_device_backup_core.testing.source import OpenDevice
from ha_device_backup_core.testing.translations import faults_of_translations
from scripts.contract_reference import PAGE, page

from .clock import ClockHandler
from .running import run_checks, suite_of

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs/writing-a-handler.md"
SECOND_HALF = ROOT / "docs/checking-a-handler.md"
RECIPES = ROOT / "docs/writing-a-recipe.md"
DISCOVERY = ROOT / "docs/handler-discovery.md"
TEMPLATE = ROOT / "docs/handler-template"


def test_the_reference_is_made_from_the_code() -> None:
    assert PAGE.read_text() == page(), "run: python -m scripts.contract_reference"


def test_the_suite_of_the_guide_is_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = re.findall(r"^```py\n(class .*?)^```", SECOND_HALF.read_text(), re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {"HandlerConformance": HandlerConformance, "RainGaugeHandler": ClockHandler, "Path": Path}
    exec(source, names | {"__file__": str(TEMPLATE / "tests/test_conformance.py")}, names)
    suite = names["TestRainGauge"]
    assert [source.name for source in suite.sources()] == ["one-1.0"]
    assert run_checks(suite, capsys, "suite_is_set_up").failed == {}


@pytest.mark.parametrize("page", [GUIDE, SECOND_HALF, RECIPES], ids=lambda page: page.stem)
def test_no_secret_and_no_backup_is_written_where_all_is_published(page: Path) -> None:
    written = re.findall(r"(?:=@|--store |(?<!-)> )([\w./-]+)", page.read_text())
    assert written
    assert [path for path in written if not path.startswith("../")] == []


@pytest.mark.parametrize(
    ("template", "package"), [("handler", "ha_device_backup_acme"), ("recipe", "ha_device_backup_pumps")]
)
def test_a_template_publishes_its_code_alone(template: str, package: str) -> None:
    """`scripts.tutorial` looks into what is built."""
    folder = ROOT / f"docs/{template}-template"
    targets = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert targets["sdist"] == {"include": [f"/{package}", "/tests", "/README.md"]}
    assert {"/backups/", "password.txt"} <= {*(folder / ".gitignore").read_text().splitlines()}


def test_devices_are_found_by_what_the_page_prints() -> None:
    (block,) = re.findall(r"^```py\n(.*?)^```", DISCOVERY.read_text(), re.DOTALL | re.MULTILINE)
    names = {**vars(ha_device_backup_core)}
    exec(block, names)
    found_by = replace(ClockHandler.spec, discovery=names["discovery"])
    handler = type("RainGaugeHandler", (ClockHandler,), {"spec": found_by})
    registered = RegisteredHandler(handler=handler, distribution="ha-device-backup-rain-gauge", version="0.1.0")
    announced = Announcement.of_service(
        service="_raingauge._tcp.local.",
        name="Roof._raingauge._tcp.local.",
        host="192.0.2.7",
        port=80,
        hostname="roof.local.",
        properties={"model": "RG-2", "serial": "4711"},
    )

    found = match(HandlerRegistry(handlers={"clock": registered}), announced)

    assert found is not None
    assert found[1] == FoundDevice(
        kind="clock", unique_id="4711", title="Roof", fields={"host": "192.0.2.7", "port": 80}
    )


def test_the_texts_of_the_page_are_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = (ROOT / "docs/handler-fields.md").read_text().partition("\n## Texts\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(?:py|json)\n(.*?)^```", texts, re.DOTALL | re.MULTILINE)
    package = tmp_path / "texts_of_the_guide"
    (package / "translations").mkdir(parents=True)
    for name, content in zip(("translation.py", "settings.py", "translations/de.json"), blocks, strict=True):
        (package / name).write_text(content, encoding="utf-8")
    assert faults_of_translations(package) == ()
    monkeypatch.syspath_prepend(str(tmp_path))
    settings = importlib.import_module("texts_of_the_guide.settings")
    with pytest.raises(InvalidArtifactError) as caught:
        settings.refuse(Artifact(filename="settings.json", content=b"{}"))
    said = [caught.value.detail_in(language) for language in ("en", "de", "fr")]
    english = "settings.json has no schedule."
    assert said == [english, "settings.json hat keinen Zeitplan.", english]


def test_the_guide_explains_every_attribute_of_the_suite() -> None:
    explained = re.findall(r"^\| `([a-z_]+)` \|", SECOND_HALF.read_text().partition("## Check it")[2], re.MULTILINE)
    assert explained == ["handler", "recordings", "simulator", "essential", "importable", "patience", "relaxed"]
    assert all(name in HandlerConformance.__mro__[-2].__annotations__ or name == "simulator" for name in explained)


def invoke(*arguments: str) -> tuple[int, str]:
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(new_handler.main)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_package_is_made_from_the_template(tmp_path: Path) -> None:
    folder = tmp_path / "ha-device-backup-rain-gauge"
    assert invoke("rain_gauge", str(folder), "--name", "Rain gauge")[0] == 0
    made = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    there = {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*") if path.is_file()}
    assert made.keys() == {name.replace("acme", "rain_gauge") for name in there if "cache" not in name}
    assert not [name for name, text in made.items() if "acme" in text.lower()]
    assert 'rain_gauge = "ha_device_backup_rain_gauge"' in made["pyproject.toml"]
    assert "class RainGaugeHandler(DeviceBackupHandler):" in made["ha_device_backup_rain_gauge/handler.py"]


@pytest.mark.parametrize(("kind", "words"), [("Rain", "lower case, digits and _"), ("rain_gauge", "is there already")])
def test_a_package_that_cannot_be_made(kind: str, words: str, tmp_path: Path) -> None:
    status, printed = invoke(kind, str(tmp_path))
    assert (status, words in " ".join(printed.split())) == (2, True), printed


@dataclass(frozen=True)
class WordClock:
    """The device of the pages; it answers whatever the address."""

    name: str = "word clock"

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[OpenDevice]:
        settings = {"face": 0}

        async def answer(request: web.Request) -> web.Response:
            pages = {"/serial": "4711\n", "/settings.ini": f"[clock]\nface={settings['face']}\n[end]\n"}
            return web.Response(text=pages[request.path])

        async def change() -> None:
            settings["face"] += 1

        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.UnixSite(runner, folder / "device").start()
        config = {"host": "clock.local"}
        try:
            simulated = Simulated(config=config, change=change)
            yield OpenDevice(config=config, secrets=(), simulated=simulated, socket=folder / "device")
        finally:
            await runner.cleanup()


def test_the_guide_shows_what_the_template_makes(tmp_path: Path) -> None:
    """Each part of the handler, as whoever follows the guide has it before them."""
    shown = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    new_handler.make_package("rain_gauge", "Rain gauge", tmp_path / "package")
    made = (tmp_path / "package/ha_device_backup_rain_gauge/handler.py").read_text().replace("\n\n\n", "\n\n")
    parts = [part.replace("\n\n\n", "\n\n") for part in shown]
    assert [part for part in parts if part not in made and indent(part, "    ") not in made] == []
    assert shown[0].startswith("class RainGaugeHandler(DeviceBackupHandler):")


def test_the_handler_of_the_page_keeps_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """All but the checks of its package, which is not installed."""
    (source,) = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs/smallest-handler.md").read_text(), re.DOTALL | re.MULTILINE
    )
    names: dict[str, Any] = {"__name__": "clock_handler"}
    exec(source, names)
    suite = suite_of(names["ClockHandler"], sources=lambda: [WordClock()])
    of_a_package = {"package_is_registered", "package_names_its_core", "import_does_no_io", "suite_is_set_up"}
    for check in sorted(suite.checks() - of_a_package):
        assert run_checks(suite, capsys, check).failed == {}


async def test_the_simulator_of_the_template_logs_no_address(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Authors of devices with a key in the address begin with it, too."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.syspath_prepend(str(TEMPLATE / "tests"))
    simulator = importlib.import_module("simulator")
    async with simulator.SimulatedAcme() as device, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{device.port}/api/info?key=canary-key"
        async with http.get(url, headers={"Authorization": simulator.LOGIN}) as response:
            assert (await response.json())["serial"] == "AC-4711"
    assert "canary-key" not in caplog.text
