"""The suite passes what is right, and each check fails for a handler that breaks exactly that."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler
from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_core.testing.source import SimulatorFactory

from . import broken, broken_backups, broken_jobs
from .broken_jobs import LEFT_OPEN
from .busy_import import BusyImport
from .clock import PASSWORD, WIFI, ClockHandler, simulated_clock
from .running import installed, run_checks, suite_of

NEEDS_A_RECORDING = {"recording_is_complete"}
NEEDS_ANOTHER_CLASS = {"suite_is_set_up"}
NEEDS_ANOTHER_PACKAGE = {
    *("package_is_registered", "package_names_its_core"),
    *("texts_are_translated", "only_public_names_are_used"),
}
OF_THE_PACKAGE = {"import_does_no_io", "package_is_registered", "package_names_its_core"}
"""They look at what is installed and never at what a handler does."""

BROKEN: dict[str, list[tuple[type[DeviceBackupHandler], str]]] = {
    "spec_is_well_formed": [(broken.SecretAsText, "admin_pin looks like a secret")],
    "import_does_no_io": [(BusyImport, "busy_import looks up 127.0.0.1")],
    "init_does_no_io": [(broken.ReadsInInit, "__init__ reads /etc/hostname")],
    "identity_is_stable": [
        (broken.NewIdentityEachTime, "It has to be the device's own"),
        (broken.AddressAsIdentity, "unique_id is the address 127.0.0.1"),
        (broken.HasNoIdentityButAnnouncesOne, "has a `unique_id`, test_connection has none"),
        (broken.IsKnownByAnotherIdentity, "takes device.mac, which has 12 lower-case hex digits"),
        (broken.DeclaresAFormThatNoMacHas, "`unique_id_form` has to fit both"),
        (broken.DeclaresAnotherFormOfItsIdentity, "which it does not match"),
    ],
    "one_request_at_a_time": [(broken.AsksTwiceAtOnce, "Up to 2 requests")],
    "event_loop_is_not_blocked": [(broken.SleepsInTheLoop, "time.sleep(0.001)")],
    "ipv6_address": [(broken.ForgetsBrackets, "With the host 2001:db8::4711 nothing was asked")],
    "refused_connection": [(broken.CallsAnOfflineDeviceUnsupported, "the right error is CannotConnectError")],
    "hang": [(broken.CallsAHangingDeviceUnsupported, "the right error is CannotConnectError")],
    "status_401": [(broken.MissesABare401, "the right error is AuthenticationError, not UnexpectedResponseError")],
    "wrong_login": [(broken.MissesAWrongLogin, "The login was wrong: the right error is AuthenticationError")],
    "status_500": [(broken.CallsAServerErrorUnsupported, "not UnsupportedDeviceError")],
    "noise": [(broken.CrashesOnNoise, "the handler raised UnicodeDecodeError")],
    "web_page": [(broken.CrashesOnAWebPage, "the handler raised AssertionError")],
    "cut_answer": [(broken.CallsACutAnswerUnsupported, "not UnsupportedDeviceError")],
    "answer_without_end": [(broken.ReadsWithoutLimit, "await self.context.read(response)")],
    "cancellation_closes_everything": [
        (broken_jobs.SwallowsCancellation, "ended with CannotConnectError"),
        (broken_jobs.LeavesTaskWhenCancelled, "leaves a task behind"),
        (broken_jobs.LeavesSocketWhenCancelled, "leaves something open"),
    ],
    "finished_job_leaves_nothing": [(broken_jobs.LeavesTask, "leaves a task behind")],
    "close_bears_a_dead_device": [(broken_jobs.FailsToClose, "Catch DeviceError there")],
    "secrets_are_nowhere": [
        (broken_jobs.LogsTheSecret, "A secret is in a log: tests.core.testing.broken_jobs: Login with ********."),
        (broken_jobs.PrintsTheSecret, "A secret is in what is printed"),
        (broken_jobs.KeepsASecretAsAttribute, "A secret is in the attributes of the artifact"),
        (broken_jobs.TellsASecretInAnError, "A secret is in an error"),
    ],
    "redact_shows_no_secret": [
        (broken_jobs.RedactsNothing, "A secret is in clock.json of redact"),
        (broken_jobs.ShowsTheSecretInBase64, "A secret is in clock.json of redact"),
    ],
    "changed_secret_is_shown_as_changed": [
        (broken_jobs.HidesThatASecretChanged, "that is not shown as hidden and changed"),
    ],
    "swapped_device_is_noticed": [(broken_backups.KnowsItsOwnerByHeart, "backup of clock-4711 with what")],
    "plan_changes_nothing": [
        (broken_backups.ChangesWhileItPlans, "plan_restore changed clock.json on the device"),
        (broken_backups.PlansNothing, "The plan says nothing"),
    ],
    "plan_says_each_thing_once": [
        (broken_backups.PlansTheSameTwice, "more than once: Enter the password again: {place}.")
    ],
    "own_artifact_is_valid": [
        (broken_backups.GivesNotesWithoutCode, "change 'No alarm!'"),
        (broken_backups.RemarksWhatIsMissing, "A note in `missing` is a remark"),
    ],
    "owner_is_the_device": [(broken_backups.OwnedBySomebodyElse, "One and the same device was taken for two")],
    "part_is_valid": [
        (broken_backups.GivesNoPart, "part refuses every file of the backup"),
        (broken_backups.GivesHalfOfAPart, "validate refuses the part with"),
    ],
    "only_its_own_is_recognized": [
        (broken_backups.RecognizesEverything, "for a file of its own kind"),
        (broken_backups.RecognizesNothing, "recognizes does not know a backup of its own device"),
    ],
    "empty_is_refused": [
        (broken_backups.AcceptsNothing, "validate accepts clock.json that is empty"),
        (broken_backups.RefusesWithoutReason, "name the file and the reason"),
    ],
    "truncated_is_refused": [(broken_backups.AcceptsHalf, "validate accepts clock.json that is cut in half")],
    "web_page_is_refused": [(broken_backups.AcceptsPages, "validate accepts clock.json that is a web page")],
    "noise_is_refused": [(broken_backups.AcceptsNoise, "validate accepts clock.json that is noise")],
    "damage_never_crashes": [(broken_backups.CrashesOnDamage, "made normalize raise KeyError: 'alarm'")],
    "checks_are_pure": [(broken_backups.ReadsInValidate, "validate reads /etc/hostname")],
    "normalize_is_idempotent": [
        (broken_backups.CountsNormalisations, "normalize changes what it made itself: clock.json")
    ],
    "unchanged_is_recognised": [(broken_backups.CountsTheUptime, "normalize tells two backups apart by clock.json")],
    "change_is_noticed": [(broken_backups.OverlooksTheAlarm, "the fingerprint is the same")],
    "restore_round_trip": [
        (broken_backups.ProvesWithoutRestoring, "After the restore clock.json differs from the backup"),
        (broken_backups.ReportsNothing, "The report of the restore says nothing"),
    ],
    "failed_restore_is_reported": [
        (broken_backups.HidesAFailedRestore, "but restore_backup returned a report"),
        (broken_backups.RaisesTheWrongErrorInRestore, "not InvalidArtifactError"),
    ],
}
ONE_PACKAGE = {module.__name__ for module in (broken, broken_backups, broken_jobs)}
NOT_ALONE = {broken.NewIdentityEachTime, broken_backups.OwnedBySomebodyElse, broken.AddressAsIdentity}
"""Where a device cannot be told from another one, other checks fail, too: it may have no backup at all."""
CASES = [(check, handler, words) for check, cases in BROKEN.items() for handler, words in cases]


@pytest.fixture(autouse=True)
def close_what_was_left() -> Iterator[None]:
    yield
    while LEFT_OPEN:
        LEFT_OPEN.pop().close()


def test_every_check_is_proven() -> None:
    proven = BROKEN.keys() | NEEDS_A_RECORDING | NEEDS_ANOTHER_CLASS | NEEDS_ANOTHER_PACKAGE
    assert proven == HandlerConformance.checks()


def test_what_is_right_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed(ClockHandler, tmp_path, monkeypatch):
        outcome = run_checks(suite_of(ClockHandler), capsys)
    assert (outcome.failed, outcome.skipped) == ({}, {})
    assert outcome.passed == HandlerConformance.checks()


@pytest.mark.parametrize(("check", "handler", "words"), CASES, ids=[case[1].__name__ for case in CASES])
def test_what_is_wrong_fails_exactly_its_check(
    check: str,
    handler: type[DeviceBackupHandler],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Most of them are in a few modules, whose import and package are looked at once.
    without = OF_THE_PACKAGE if handler.__module__ in ONE_PACKAGE else set()
    with installed(handler, tmp_path, monkeypatch):
        outcome = run_checks(suite_of(handler), capsys, without=without)
    assert outcome.failed.keys() == {check} or (handler in NOT_ALONE and check in outcome.failed), outcome.failed
    assert words in outcome.failed[check]


def test_nothing_is_wrong_with_the_package_of_the_broken_handlers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed(broken_jobs.LogsTheSecret, tmp_path, monkeypatch):
        for check in OF_THE_PACKAGE:
            assert run_checks(suite_of(broken_jobs.LogsTheSecret), capsys, check).failed == {}


@pytest.mark.parametrize("check", ["refused_connection", "hang", "status_500"])
def test_a_handler_with_a_session_of_its_own_is_told_so(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_checks(suite_of(broken_jobs.IgnoresTheSession), capsys, check)
    assert "it does not use context.http" in outcome.failed[check]


@pytest.mark.parametrize(
    ("essential", "words"),
    [
        ((), ""),
        (("clock.json",), "validate accepts a bundle in which clock.json is empty"),
        (("alarms.json",), "`essential` names alarms.json, which is not in the backup"),
    ],
)
def test_each_essential_file_of_a_bundle_is_damaged_alone(
    essential: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = suite_of(broken_backups.OverlooksOneFileOfABundle, essential=essential)
    failed = run_checks(suite, capsys, "empty_is_refused").failed
    assert words in failed.get("empty_is_refused", "")
    assert bool(words) == bool(failed)


@pytest.mark.parametrize(
    ("check", "words"),
    [("one_request_at_a_time", "there is no backup of it"), ("identity_is_stable", "it is not recognised")],
)
def test_a_device_that_is_well_has_a_backup(check: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    failed = run_checks(suite_of(broken.KnowsNoDevice), capsys, check).failed
    assert failed[check].startswith(f"The device is well, but {words}: UnsupportedDeviceError")


@pytest.mark.parametrize(
    ("handler", "check", "words"),
    [
        (broken.StaysBroken, "refused_connection", "is over, but the next job fails, too: CannotConnectError"),
        (broken_backups.CrashesInRestore, "failed_restore_is_reported", "the handler raised KeyError: 'answer'"),
        (broken_jobs.TrustsTheWebsocket, "noise", "the handler raised WSMessageTypeError"),
        (broken_jobs.TrustsTheWebsocket, "cut_answer", "the handler raised WSMessageTypeError"),
        (broken_jobs.SwallowsMessagesOfAnySize, "answer_without_end", "read an answer of any size to its end"),
        (
            broken_backups.RefusesItsOwnBackup,
            "restore_round_trip",
            "did not take back its own backup: RestoreRejectedError",
        ),
    ],
)
def test_other_ways_to_break_a_promise(
    handler: type[DeviceBackupHandler], check: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in run_checks(suite_of(handler), capsys, check).failed[check]


def wrong_login(password: str) -> SimulatorFactory:
    """Return a clock with what a person would enter so that it refuses the login."""

    @asynccontextmanager
    async def simulator(_suite: HandlerConformance) -> AsyncIterator[Simulated]:
        async with simulated_clock() as simulated:
            yield replace(simulated, wrong_login={"password": password})

    return cast("SimulatorFactory", simulator)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({}, "is no value of password. Give Simulated a `wrong_login`"),
        ({"simulator": wrong_login("another")}, "is no value of password"),
        ({"simulator": wrong_login("canary-another")}, ""),
        ({"simulator": wrong_login(PASSWORD)}, "The login was wrong, but there was a backup"),
    ],
)
def test_an_author_says_what_a_wrong_login_is(
    attributes: dict[str, object], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_checks(suite_of(broken.WantsAPairAsSecret, **attributes), capsys, "wrong_login")
    assert words in outcome.failed.get("wrong_login", "")
    assert (bool(words), outcome.skipped) == (bool(outcome.failed), {})


HANDED_IN = Artifact(filename="page.json", content=b'{"face": "round", "wifi": "%s"}' % WIFI.encode())


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("empty_is_refused", "validate accepts page.json that is empty"),
        ("truncated_is_refused", "validate accepts page.json that is cut in half"),
        ("web_page_is_refused", "validate accepts page.json that is a web page"),
        ("noise_is_refused", "validate accepts page.json that is noise"),
        ("normalize_is_idempotent", "normalize changes what it made itself: page.json"),
        ("redact_shows_no_secret", "A secret is in page of redact"),
        ("damage_never_crashes", "made redact raise UnicodeDecodeError"),
    ],
)
def test_what_is_handed_in_is_checked_as_what_is_fetched(
    check: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    careless, careful = broken_backups.CountsWhatWasHandedIn, ClockHandler
    assert run_checks(suite_of(careless), capsys, check).failed == {}
    assert words in run_checks(suite_of(careless, importable=(HANDED_IN,)), capsys, check).failed[check]
    assert run_checks(suite_of(careful, importable=(HANDED_IN,)), capsys, check).failed == {}


def test_what_is_handed_in_is_a_backup(capsys: pytest.CaptureFixture[str]) -> None:
    check = "own_artifact_is_valid"
    suite = suite_of(ClockHandler, importable=(replace(HANDED_IN, content=b"{}"),))
    assert "page.json, which `importable` names as a backup" in run_checks(suite, capsys, check).failed[check]


def test_a_handler_that_asks_for_all_at_first_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed(broken.AsksForAllAtFirst, tmp_path, monkeypatch):
        outcome = run_checks(suite_of(broken.AsksForAllAtFirst), capsys, without=OF_THE_PACKAGE)
    assert (outcome.failed, outcome.skipped) == ({}, {})


@pytest.mark.parametrize("check", ["noise", "cut_answer", "answer_without_end", "hang", "status_500", "web_page"])
def test_a_handler_that_asks_by_websocket_breaks_nothing(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_checks(suite_of(broken_jobs.AsksByWebsocket, patience=0.5), capsys, check)
    assert (outcome.failed, outcome.skipped) == ({}, {})
