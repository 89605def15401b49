"""The Tasmota handler against simulated devices, with short pauses."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core import Artifact, Note, RestorePlan, RestoreReport, Text, in_language
from ha_device_backup_core.testing import Fetched, run_job, run_plan, run_restore
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.timing import TasmotaTiming
from tests.simulators.tasmota import CANARIES, PASSWORD, SimulatedTasmota

MAC = "a0b1c2d3e4f5"
SHORT = TasmotaTiming(
    pace=replace(TasmotaTiming().pace, silence=0.5, pause=0.01),
    restart=RestartPace(poll=0.05, overdue=1.0, limit=4.0),
    restart_poll_timeout=0.5,
    start_counted_after=0.0,
)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a simulated device no longer than it needs."""
    monkeypatch.setattr(TasmotaHandler, "timing", SHORT)


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert_no_canary(caplog.text)


def assert_no_canary(*texts: object) -> None:
    """Fail when a secret is in one of them."""
    for text in texts:
        assert not [canary for canary in (*CANARIES, PASSWORD) if canary in str(text)]


def as_told(notes: Iterable[Note]) -> list[tuple[str, str]]:
    """Return the code of each note and what a person reads; notes with other texts are equal."""
    return [(note.code, in_language(note.text)) for note in notes]


def config(tasmota: SimulatedTasmota, password: str | None = PASSWORD) -> dict[str, Any]:
    """Return what a person enters."""
    return {"host": tasmota.host, "port": tasmota.port, "password": password, "username": "admin"}


async def fetch(tasmota: SimulatedTasmota, password: str | None = PASSWORD) -> Fetched:
    """Make one backup."""
    return await run_job(TasmotaHandler, config(tasmota, password), unique_id=tasmota.device.mac)


async def plan(
    tasmota: SimulatedTasmota,
    artifact: Artifact,
    password: str | None = PASSWORD,
    entered: dict[str, Any] | None = None,
) -> RestorePlan:
    """Ask what a restore would do."""
    return await run_plan(TasmotaHandler, entered or config(tasmota, password), artifact, unique_id=tasmota.device.mac)


async def restore(
    tasmota: SimulatedTasmota,
    artifact: Artifact,
    password: str | None = PASSWORD,
    steps: list[tuple[float | None, Text]] | None = None,
    entered: dict[str, Any] | None = None,
) -> RestoreReport:
    """Put a backup back."""

    def progress(share: float | None, text: Text) -> None:
        if steps is not None:
            steps.append((share, text))

    return await run_restore(
        TasmotaHandler, entered or config(tasmota, password), artifact, progress, unique_id=tasmota.device.mac
    )
