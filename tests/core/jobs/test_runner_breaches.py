"""Handlers that break their contract: a crash is theirs, and no matter of the device."""

from collections.abc import Mapping
from dataclasses import replace

import aiohttp
import pytest

from ha_device_backup_core.contract import Artifact, DeviceInfo, Note
from ha_device_backup_core.errors import (
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerCrashedError,
)
from ha_device_backup_core.jobs import artifact_jobs
from ha_device_backup_core.text import Message

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .example_jobs import ARTIFACT, CANARY, DEVICE, Raising, fetched, refused, registered


@pytest.mark.parametrize(
    ("raised", "detail"),
    [
        (KeyError(CANARY), "KeyError: '**REDACTED**'"),
        (RuntimeError(f"http://x/?p={CANARY}"), "RuntimeError: http://x/?p=**REDACTED**"),
        (SystemExit(3), "SystemExit: 3"),
        (ValueError(), "ValueError"),
        (aiohttp.ClientConnectionError("connection"), "ClientConnectionError: connection"),
        (ExceptionGroup("two", [ValueError("a"), ValueError("b")]), "ExceptionGroup: two (2 sub-exceptions)"),
        (OSError(28, "No space left"), "OSError: [Errno 28] No space left"),
    ],
)
async def test_anything_else_is_a_crash_of_the_handler(
    device: ExampleDevice, raised: BaseException, detail: str
) -> None:
    class Crashing(Raising):
        error = raised

    error = await refused(device, registered(Crashing))

    assert isinstance(error, HandlerCrashedError)
    assert (error.distribution, error.version, error.detail_in()) == ("ha-device-backup-example", "3.1", detail)
    assert str(error) == (f"The package ha-device-backup-example 3.1 has a fault. Report it to its author. {detail}")
    assert device.requests[-1] == "GET /logout"
    assert (await fetched(device)).artifact == ARTIFACT


@pytest.mark.parametrize(
    ("raised", "expected", "detail"),
    [
        (TimeoutError(CANARY), CannotConnectError, "It did not answer in time."),
        (aiohttp.ServerTimeoutError(), CannotConnectError, "It did not answer in time."),
        (DeviceBusyError(f"login {CANARY}"), DeviceBusyError, "login **REDACTED**"),
        (DeviceBusyError(Message("{it}", {"it": CANARY})), DeviceBusyError, "**REDACTED**"),
        (DeviceBusyError({"it": CANARY}), DeviceBusyError, "{'it': '**REDACTED**'}"),  # type: ignore[arg-type] # as above
        (DeviceBusyError(OSError("no text")), DeviceBusyError, "no text"),  # type: ignore[arg-type] # a mistake of authors
        (DeviceBusyError({}), DeviceBusyError, "{}"),  # type: ignore[arg-type] # as above
        (ExceptionGroup("one", [ExceptionGroup("one", [DeviceBusyError("in a task")])]), DeviceBusyError, "in a task"),
    ],
)
async def test_errors_of_the_contract_pass_without_secrets(
    device: ExampleDevice, raised: BaseException, expected: type[DeviceBackupError], detail: str
) -> None:
    class Failing(Raising):
        error = raised

    error = await refused(device, registered(Failing))
    assert (type(error), error.detail_in()) == (expected, detail)


async def test_what_the_device_asked_for_is_kept(device: ExampleDevice) -> None:
    class Busy(Raising):
        error = DeviceBusyError(retry_after=30)

    error = await refused(device, registered(Busy))
    assert isinstance(error, DeviceBusyError)
    assert error.retry_after == 30


async def test_errors_that_a_handler_made_wrongly(device: ExampleDevice) -> None:
    class QuietError(DeviceBusyError):
        def __init__(self) -> None:
            Exception.__init__(self, CANARY)

    class Quiet(Raising):
        error = QuietError()

    class Worded(Raising):
        error = DeviceBusyError(retry_after="30")  # type: ignore[arg-type] # a mistake of authors

    for handler in (Quiet, Worded):
        error = await refused(device, registered(handler))
        assert isinstance(error, DeviceBusyError)
        assert (error.code, error.detail, error.retry_after) == ("device_busy", None, None)


async def test_crash_in_the_constructor(device: ExampleDevice) -> None:
    class Unborn(ExampleHandler):
        def __init__(self, *arguments: object) -> None:
            raise ZeroDivisionError

    assert isinstance(await refused(device, registered(Unborn)), HandlerCrashedError)
    assert device.requests == []


class WrongResults(ExampleHandler):
    device_info: object = DEVICE
    artifact: object = ARTIFACT
    doubts: object = ()
    normal: object = {"config.json": b"{}"}

    async def test_connection(self) -> DeviceInfo:
        return self.device_info  # type: ignore[return-value] # what is tested

    async def fetch_backup(self) -> Artifact:
        return self.artifact  # type: ignore[return-value] # what is tested

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return cls.doubts  # type: ignore[return-value] # what is tested

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return cls.normal  # type: ignore[return-value] # what is tested


@pytest.mark.parametrize(
    ("attribute", "value", "detail"),
    [
        ("device_info", None, "test_connection returned no DeviceInfo"),
        ("artifact", b"{}", "fetch_backup returned no Artifact"),
        ("doubts", None, "validate returned something else than notes"),
        ("doubts", ["doubt"], "validate returned something else than notes"),
        ("normal", {"config.json": "text"}, None),
        ("normal", None, None),
    ],
)
async def test_wrong_results_are_crashes(
    device: ExampleDevice, attribute: str, value: object, detail: str | None
) -> None:
    broken = type("Broken", (WrongResults,), {attribute: value})
    error = await refused(device, registered(broken))
    assert isinstance(error, HandlerCrashedError)
    assert detail is None or error.detail_in() == detail


async def test_kind_without_ids_cannot_notice_another_device(device: ExampleDevice) -> None:
    class Anonymous(WrongResults):
        device_info = replace(DEVICE, unique_id=None)

    assert (await fetched(device, registered(Anonymous))).device.unique_id is None


async def test_check_that_crashes_is_no_matter_of_the_device(device: ExampleDevice) -> None:
    class Slow(ExampleHandler):
        @classmethod
        def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
            raise TimeoutError

    with pytest.raises(HandlerCrashedError):
        await artifact_jobs.check(registered(Slow), ARTIFACT)
