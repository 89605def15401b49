"""The handlers of devices with SSH, against simulated ones."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core import DeviceBackupError, RestoreReport, in_language
from ha_device_backup_core.contract import HandlerSpec
from ha_device_backup_core.testing import run_job
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_ssh import SshHandler, putting_whole, ssh_handlers
from tests.simulators.ssh import PASSWORD, SimulatedLinux, SimulatedSsh

HANDLERS = {handler.spec.kind: handler for handler in ssh_handlers()}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a simulated device no longer than it needs."""
    monkeypatch.setattr(putting_whole, "PACE", RestartPace(poll=0.05, overdue=1.0, limit=4.0))


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert "anary" not in caplog.text


@pytest.fixture
async def computer() -> AsyncIterator[SimulatedLinux]:
    """Return a computer with settings to keep."""
    async with SimulatedLinux() as device:
        yield device


def entered(computer: SimulatedLinux, **changes: object) -> dict[str, Any]:
    """Return what a person enters who wants the computer's settings kept."""
    return config(computer, files=[str(computer.settings)], **changes)


def config(device: SimulatedSsh, **changes: object) -> dict[str, Any]:
    """Return what a person enters."""
    return {
        "host": "127.0.0.1",
        "port": device.port,
        "username": device.username,
        "password": PASSWORD,
        "host_key": device.fingerprint,
    } | changes


def hurried(handler: type[SshHandler], seconds: float) -> type[SshHandler]:
    """Return the handler with less time for a job."""
    return _with_spec(handler, replace(handler.spec, fetch_timeout=seconds))


def with_room(handler: type[SshHandler], size: int) -> type[SshHandler]:
    """Return the handler with fewer bytes for a backup."""
    return _with_spec(handler, replace(handler.spec, max_artifact_bytes=size))


def _with_spec(handler: type[SshHandler], spec: HandlerSpec) -> type[SshHandler]:
    return type(handler.__name__, (handler,), {"spec": spec, "__module__": handler.__module__})


async def failure(handler: type[SshHandler], entered: dict[str, Any]) -> DeviceBackupError:
    """Return the error that a backup ends with."""
    with pytest.raises(DeviceBackupError) as caught:
        await run_job(handler, entered)
    assert "anary" not in f"{caught.value} {caught.value!r} {caught.value.detail_in('de')}"
    return caught.value


def told(report: RestoreReport) -> dict[str, list[str]]:
    return {
        name: [in_language(text) for text in getattr(report, name)]
        for name in ("proven", "unproven", "needs")
        if getattr(report, name)
    }
