"""A handler runs in a test as it does in the product; the examples of the page on the toolkit do."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import ha_device_backup_core
from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    ConfigError,
    DeviceInfo,
    FileChange,
    InvalidArtifactError,
    PlannedFile,
    RestorePlan,
    Text,
    WrongDeviceError,
    testing,
    toolkit,
)
from ha_device_backup_core.errors import UnusableFileError
from ha_device_backup_core.testing import SimulatedServer, run_import, run_job, run_plan, run_probe, run_restore

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "docs/handler-template"
PAGE = (ROOT / "docs/toolkit.md").read_text(encoding="utf-8")


def module_of(path: str) -> ModuleType:
    """Return a module of the template."""
    source = TEMPLATE / path
    module = ModuleType(source.stem)
    exec(compile(source.read_text(encoding="utf-8"), source, "exec"), module.__dict__)
    return module


HANDLER = module_of("ha_device_backup_acme/handler.py").AcmeHandler
SIMULATOR = module_of("tests/simulator.py")


def config_of(device: SimulatedServer, **changes: object) -> dict[str, Any]:
    """Return what a person enters."""
    return {"host": device.host, "port": device.port, "password": SIMULATOR.PASSWORD} | changes


async def test_a_backup_is_made_planned_and_put_back() -> None:
    steps: list[tuple[float | None, Text]] = []
    async with SIMULATOR.SimulatedAcme() as device:
        fetched = await run_job(HANDLER, config_of(device), unique_id="AC-4711")
        assert (await run_probe(HANDLER, config_of(device))) == fetched.device
        device.settings["schedule"] = [1]
        report = await run_restore(
            HANDLER, config_of(device), fetched.artifact, lambda share, text: steps.append((share, text))
        )
        assert report.proven == ("The settings were read back and are equal.",)
        assert device.settings["schedule"] == [6, 22]
        assert steps == [(0.0, "Sending the settings"), (0.5, "Reading the settings back")]
        assert (await run_restore(HANDLER, config_of(device), fetched.artifact)).proven
        planned = await run_plan(HANDLER, config_of(device), fetched.artifact)
        assert planned == RestorePlan(files=(PlannedFile(name="settings.json", change=FileChange.UNKNOWN),))


async def test_checks_and_errors_are_those_of_the_product() -> None:
    async with SIMULATOR.SimulatedAcme() as device:
        with pytest.raises(ConfigError):
            await run_job(HANDLER, {"host": device.host})
        with pytest.raises(AuthenticationError):
            await run_job(HANDLER, config_of(device, password="wrong"))
        with pytest.raises(WrongDeviceError):
            await run_job(HANDLER, config_of(device), unique_id="AC-0815")
        with pytest.raises(InvalidArtifactError):
            await run_restore(HANDLER, config_of(device), Artifact(filename="settings.json", content=b"{"))
        assert (await run_job(HANDLER, config_of(device))).artifact.missing == ()


async def test_a_file_is_handed_in() -> None:
    device = DeviceInfo(unique_id="AC-4711", name="Cellar")
    file = Artifact(filename="mine.json", content=b'{"schedule": [1]}')
    assert (await run_import(HANDLER, file, device)).artifact == file
    with pytest.raises(UnusableFileError):
        await run_import(HANDLER, Artifact(filename="mine.json", content=b"{"), device)


async def test_the_test_of_the_page_passes() -> None:
    blocks = re.findall(r"^```py\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (block,) = (block for block in blocks if "run_job" in block)
    names: dict[str, Any] = {
        "run_job": run_job,
        "RainGaugeHandler": HANDLER,
        "SimulatedRainGauge": SIMULATOR.SimulatedAcme,
        "PASSWORD": SIMULATOR.PASSWORD,
    }
    exec(block, names)
    await names["test_a_device_that_drops_requests_is_backed_up"]()


def test_every_name_is_explained() -> None:
    named = set(re.findall(r"\w+", PAGE))
    beside = {"Fetched", "HandlerConformance", "Recording", "RecordingError", "ReplayServer", "Simulated", "serve"}
    assert (set(toolkit.__all__) | set(testing.__all__) - beside) - named == set()


def test_names_have_one_meaning() -> None:
    doors = (ha_device_backup_core.__all__, toolkit.__all__, testing.__all__)
    names = [name for door in doors for name in door]
    assert sorted(names) == sorted(set(names))
