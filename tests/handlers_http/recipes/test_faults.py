"""Each error of each device is told as what it is, leaves nothing on the device, and is over when it is over."""

from collections.abc import Mapping
from typing import Any

import pytest

from ha_device_backup_core import AuthenticationError, DeviceBackupError
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.contract import ConfigValue, FieldKind, HandlerSpec
from ha_device_backup_core.testing import run_job, run_probe

from .conftest import STAND_INS, entered, handler_for, opened

FAULTS = [(name, fault) for name, found in STAND_INS.items() for fault in found.errors]


@pytest.mark.parametrize("name", STAND_INS)
async def test_backup_is_whole_and_leaves_nothing(name: str) -> None:
    async with opened(name) as device:
        handler = handler_for(type(device))
        fetched = await run_job(handler, entered(device))
        again = await run_job(handler, entered(device))

        assert (fetched.artifact.missing, fetched.doubts) == ((), ())
        assert (again.fingerprint, again.device) == (fetched.fingerprint, fetched.device)
        assert not device.left()


@pytest.mark.parametrize("name", STAND_INS)
async def test_probe_leaves_nothing(name: str) -> None:
    async with opened(name) as device:
        device_info = await run_probe(handler_for(type(device)), entered(device))

        assert device_info.name
        assert not device.left()


@pytest.mark.parametrize(("name", "fault"), FAULTS)
async def test_error_is_told_and_over(name: str, fault: str) -> None:
    async with opened(name, fault) as device:
        handler, expected = handler_for(type(device)), device.errors[fault]
        if isinstance(expected, str):
            fetched = await run_job(handler, entered(device))
            notes = (*fetched.artifact.missing, *fetched.doubts, *fetched.remarks)
            assert [note.code for note in notes] == [expected]
        else:
            with pytest.raises(expected) as caught:
                await run_job(handler, entered(device))
            assert caught.value.code == expected.code or expected is DeviceBackupError
        assert not device.left()

        device.fault = ""
        assert (await run_job(handler, entered(device))).artifact.missing == ()


@pytest.mark.parametrize("name", STAND_INS)
async def test_wrong_password_is_one_refused_login(name: str) -> None:
    async with opened(name) as device:
        handler = handler_for(type(device))
        wrong = _wrong(device.wrong_login, entered(device), handler.spec)
        if not wrong:
            pytest.skip("it has no login")
        with pytest.raises(AuthenticationError):
            await run_job(handler, {**entered(device), **wrong})

        assert device.refused <= 1
        assert not device.left()


def _wrong(given: Mapping[str, ConfigValue], config: dict[str, Any], spec: HandlerSpec) -> dict[str, Any]:
    if given:
        return dict(given)
    parsed = parse_config(spec, config)
    return {field.key: "another one" for field in spec.fields if field.kind is FieldKind.SECRET and parsed[field.key]}
