"""Backups that fail, and what stays as it was."""

from dataclasses import replace

import pytest

from ha_device_backup_core.errors import (
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    HandlerCrashedError,
    InvalidArtifactError,
    StoreFullError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Outcome
from ha_device_backup_core.store import BackupStore

from .conftest import key, settings
from .fakes import START, Home
from .lamps import Household
from .test_backups import A1, MINUTE


@pytest.mark.parametrize(
    ("fault", "expected", "health"),
    [
        (CannotConnectError(), CannotConnectError, Health.NEVER),
        (TimeoutError(), CannotConnectError, Health.NEVER),
        (UnsupportedDeviceError("too old"), UnsupportedDeviceError, Health.FAILING),
        (InvalidArtifactError("cut off"), InvalidArtifactError, Health.FAILING),
        (RuntimeError("a bug"), HandlerCrashedError, Health.FAILING),
        (SystemExit(1), HandlerCrashedError, Health.FAILING),
    ],
)
async def test_a_failure_is_told_and_recorded_and_passes(
    home: Home, household: Household, fault: BaseException, expected: type[DeviceBackupError], health: Health
) -> None:
    lamp = household.add("a1", fault=fault)
    await home.manager.add_device(settings("a1"))
    result = await home.manager.back_up(A1)
    assert isinstance(result.error, expected)
    assert (result.outcome, result.backup, result.will_retry_at) == (Outcome.FAILED, None, None)
    assert home.results == [result]
    status = home.manager.status(A1)
    attempt = Attempt(
        at=START, outcome=Outcome.FAILED, error=expected.code, detail=result.error.detail, values=result.error.values
    )
    assert (status.last_attempt, status.health, status.count) == (attempt, health, 0)
    assert lamp.closed == 1
    lamp.fault = None
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert home.manager.status(A1).health is Health.OK


async def test_a_failure_leaves_what_is_stored(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    lamp.settings = {"name": "<html>"}
    failed = await home.manager.back_up(A1)
    assert isinstance(failed.error, InvalidArtifactError)
    assert home.manager.status(A1).newest == good
    lamp.settings = {"name": "lamp", "brightness": 1}
    assert (await home.manager.back_up(A1)).outcome is Outcome.UNCHANGED


async def test_another_device_at_the_address_touches_no_history(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    lamp.unique_id = "b2"
    lamp.settings = {"name": "stranger", "brightness": 9}
    result = await home.manager.back_up(A1)
    assert isinstance(result.error, WrongDeviceError)
    assert await home.manager.stored.list_backups() == [good]
    assert lamp.fetches == 1
    lamp.unique_id = "a1"
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def test_a_device_without_an_id_of_its_own_is_taken_for_the_known_one(home: Home, household: Household) -> None:
    household.add("a1", unique_id=None)
    await home.manager.add_device(settings("a1", key=key("minted")))
    assert (await home.manager.back_up(key("minted"))).outcome is Outcome.STORED


async def test_a_wrong_configuration_is_told_by_its_field(home: Home, household: Household) -> None:
    household.add("a1")
    await home.manager.add_device(replace(settings("a1"), config={"host": "http://a1/a"}))
    result = await home.manager.back_up(A1)
    assert isinstance(result.error, ConfigError)
    assert result.error.field == "host"
    await home.manager.update_device(settings("a1"))
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def test_a_full_disk_fails_the_backup_and_keeps_the_old_ones(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    lamp.settings["brightness"] = 2

    async def no_room(*_: object, **__: object) -> None:
        raise StoreFullError

    with monkeypatch.context() as full:
        full.setattr(BackupStore, "commit", no_room)
        full.setattr(BackupStore, "record_attempt", no_room)
        result = await home.manager.back_up(A1)
    assert isinstance(result.error, StoreFullError)
    status = home.manager.status(A1)
    assert (status.newest, status.health) == (good, Health.FAILING)
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def test_old_backups_that_cannot_be_deleted_do_not_fail_the_new_one(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", retention=RetentionPolicy(newest=1, monthly=0)))
    await home.manager.back_up(A1)

    async def no_room(*_: object, **__: object) -> None:
        raise StoreFullError

    lamp.settings["brightness"] = 2
    with monkeypatch.context() as full:
        full.setattr(BackupStore, "prune", no_room)
        assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert "could not be deleted" in caplog.text
    assert home.manager.status(A1).count == 2
    lamp.settings["brightness"] = 3
    home.clock.now += MINUTE
    await home.manager.back_up(A1)
    assert home.manager.status(A1).count == 1


async def test_something_unexpected_fails_one_backup_and_no_more(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))

    async def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(BackupStore, "backups", break_down)
        result = await home.manager.back_up(A1)
    assert type(result.error) is DeviceBackupError
    assert "failed unexpectedly" in caplog.text
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
