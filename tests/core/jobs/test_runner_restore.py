"""Restores as jobs."""

import asyncio
from dataclasses import replace

import pytest

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler, Progress
from ha_device_backup_core.errors import (
    HandlerCrashedError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreUnsupportedError,
    WrongDeviceError,
)
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.text import Text

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .example_jobs import ARTIFACT, EXAMPLE, config, hurried, registered


def ignored(share: float | None, text: Text) -> None:
    """Progress that nobody looks at."""


async def test_restore(device: ExampleDevice) -> None:
    steps: list[tuple[float | None, Text]] = []
    artifact = replace(ARTIFACT, content=b'{"name": "attic"}')

    report = await runner.restore(
        EXAMPLE, config(device), artifact, lambda share, text: steps.append((share, text)), expected_unique_id="a1"
    )

    assert report == RestoreReport(proven=("config.json",))
    assert device.config == artifact.content
    assert steps == [(None, "Sending"), (1.0, "Sent with **REDACTED**")]


async def test_restore_refuses_what_is_no_backup_before_any_contact(device: ExampleDevice) -> None:
    with pytest.raises(InvalidArtifactError):
        await runner.restore(
            EXAMPLE, config(device), replace(ARTIFACT, content=b"<html>"), ignored, expected_unique_id="a1"
        )
    assert device.requests == []


async def test_restore_touches_no_other_device(device: ExampleDevice) -> None:
    with pytest.raises(WrongDeviceError):
        await runner.restore(EXAMPLE, config(device), ARTIFACT, ignored, expected_unique_id="b2")
    assert device.requests == ["GET /info", "GET /logout"]


async def test_restore_that_the_handler_cannot(device: ExampleDevice) -> None:
    class NoRestore(ExampleHandler):
        spec = replace(ExampleHandler.spec, restore_guide=("Open its page.", "Choose the file."))
        restore_backup = DeviceBackupHandler.restore_backup

    with pytest.raises(RestoreUnsupportedError) as caught:
        await runner.restore(registered(NoRestore), config(device), ARTIFACT, ignored, expected_unique_id="a1")
    assert caught.value.detail_in() == "1. Open its page.\n2. Choose the file."
    assert device.requests == []


async def test_restore_that_takes_too_long_may_have_changed_something(
    device: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RESTORE_FACTOR", 1)

    class Stuck(ExampleHandler):
        async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
            await asyncio.sleep(3600)
            return RestoreReport()

    with pytest.raises(RestoreNotVerifiedError):
        await runner.restore(hurried(Stuck, seconds=0.5), config(device), ARTIFACT, ignored, expected_unique_id="a1")


async def test_restore_without_a_report(device: ExampleDevice) -> None:
    class Silent(ExampleHandler):
        async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
            return None  # type: ignore[return-value] # what is tested

    with pytest.raises(HandlerCrashedError):
        await runner.restore(registered(Silent), config(device), ARTIFACT, ignored, expected_unique_id="a1")
