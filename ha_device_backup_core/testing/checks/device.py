"""The device: who it is, how it is treated, and what its faults become."""

import asyncio
import ipaddress
import re
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import SupportsIndex

import pytest

from ha_device_backup_core.contract import ConfigValue, FieldKind, HandlerSpec
from ha_device_backup_core.errors import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerCrashedError,
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.identity import can_be_own
from ha_device_backup_core.matchers import KnownDevices
from ha_device_backup_core.records import Fetched

from ..assertions import demand, describe, fail, names
from ..faults import Fault
from ..harness import Bench, run
from ..network import Phase
from ..source import DeviceSource
from ..suite import Suite

A_MAC = "a0b1c2d3e4f5"
type Errors = tuple[type[DeviceBackupError], ...]

_NO_ANSWER: Errors = (CannotConnectError,)
IPV6_HOST = "2001:db8::4711"
"""Of the range for documentation: nobody has it."""
_REFUSED_LOGIN: Errors = (AuthenticationError,)
_NO_LOGIN: Errors = (AuthenticationError, PermissionDeniedError, UnsupportedDeviceError, UnexpectedResponseError)
_SERVER_ERROR: Errors = (UnexpectedResponseError, DeviceBusyError, CannotConnectError)
_NONSENSE: Errors = (UnexpectedResponseError, UnsupportedDeviceError, InvalidArtifactError)
_CUT: Errors = (UnexpectedResponseError, CannotConnectError, DeviceBusyError, InvalidArtifactError)
_TOO_MUCH: Errors = (ArtifactTooLargeError, UnexpectedResponseError, UnsupportedDeviceError, DeviceBusyError)
_LONGEST_SLEEP = 0.2


class DeviceChecks(Suite):
    """The checks of test_connection and fetch_backup."""

    def test_identity_is_stable(self, source: DeviceSource) -> None:
        """The unique id is the device's own, and the same each time."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                first, second = await bench.identity(), await bench.identity()
                demand(
                    first.unique_id == second.unique_id,
                    f"unique_id was {first.unique_id!r}, then {second.unique_id!r}. It has to be the device's own.",
                )
                _demand_identity(first.unique_id, bench)
                _demand_identity_as_discovered(first.unique_id, self.handler.spec)
                if bench.device.recording is not None:
                    recorded = bench.device.recording.device.get("unique_id")
                    demand(
                        first.unique_id == recorded,
                        f"unique_id is {first.unique_id!r}; when it was recorded it was {recorded!r}."
                        " Whoever has such a device would lose its history: keep the old form.",
                    )

        run(scenario())

    def test_swapped_device_is_noticed(self, source: DeviceSource) -> None:
        """Addresses change hands, also in the middle of a job: nothing of another device is kept as this one's."""

        async def swapped(before: int) -> Fetched | None:
            async with self.bench(source) as bench:
                bench.network.before_request = _swapping(bench, before)
                try:
                    return await bench.fetch()
                except HandlerCrashedError as error:
                    fail(f"The device was replaced by another one, and the handler raised {error.detail_in()}.")
                except DeviceBackupError:
                    return None

        own, bench = self.fetched(source)
        simulated, requests = bench.device.simulated, bench.network.requests[Phase.FETCH]
        if own.device.unique_id is None or simulated is None or simulated.swap is None:
            pytest.skip("only a device with an id can be told from another one: give Simulated a `swap`")
        for before in sorted({0, requests // 2, max(requests - 1, 0)}):
            fetched = run(swapped(before))
            demand(
                fetched is None or self.handler.normalize(fetched.artifact) == self.handler.normalize(own.artifact),
                f"Another device came to the address before request {before + 1} of fetch_backup, and there was a"
                f" backup of {own.device.unique_id} with what that one holds. owner has to tell what was asked in"
                " fetch_backup itself, at its end; where it returns None, test_connection has to ask the device again.",
            )

    def test_recording_is_complete(self, source: DeviceSource) -> None:
        """The handler asks for nothing that was not recorded."""
        _, bench = self.fetched(source)
        unknown = bench.unknown_requests()
        demand(not unknown, f"Not in the recording: {', '.join(unknown)}. Record the device again.")

    def test_one_request_at_a_time(self, source: DeviceSource) -> None:
        """Small devices fall over when they are asked for several things at once."""
        _, bench = self.fetched(source)
        most = bench.network.most_at_a_time
        demand(most <= 1, f"Up to {most} requests ran at the same time. Send one after the other.")

    def test_event_loop_is_not_blocked(self, source: DeviceSource) -> None:
        """Home Assistant stands still while the event loop does."""

        async def scenario() -> list[str]:
            async with self.bench(source) as bench:
                with _sleeps_noticed() as sleeps:
                    await bench.backup()
                return sleeps

        sleeps = run(scenario())
        demand(
            not sleeps,
            f"The handler blocks the event loop ({'; '.join(sleeps)}). Await asyncio.sleep, use context.http, and"
            " context.run_blocking for what has no asynchronous form.",
        )

    def test_refused_connection(self, source: DeviceSource) -> None:
        """A device that is off."""
        self._demand_errors(source, Fault.REFUSED, _NO_ANSWER, may_lack=False)

    def test_ipv6_address(self, source: DeviceSource) -> None:
        """A host that is an IPv6 address, which stands in brackets in a URL."""
        hosts = {field.key: IPV6_HOST for field in self.handler.spec.fields if field.kind is FieldKind.HOST}
        if not hosts:
            pytest.skip("no field of the kind HOST")

        async def scenario() -> None:
            # In every phase: nothing may really go out to that address.
            async with self.bench(source) as bench, bench.network.failing(Fault.REFUSED, *Phase):
                with suppress(DeviceBackupError):
                    await bench.fetch(config=hosts)
                demand(
                    bench.network.requests[Phase.CONNECTION],
                    f"With the host {IPV6_HOST} nothing was asked: in a URL it stands in brackets. Use base_url().",
                )

        run(scenario())

    def test_hang(self, source: DeviceSource) -> None:
        """A device that takes the request and never answers."""
        self._demand_errors(source, Fault.HANG, _NO_ANSWER, may_lack=False)

    def test_status_401(self, source: DeviceSource) -> None:
        """A device that refuses the login; without a login it may be another thing in front."""
        self._demand_errors(source, Fault.UNAUTHORIZED, None)

    def test_status_500(self, source: DeviceSource) -> None:
        """A device with trouble of its own, which passes."""
        self._demand_errors(source, Fault.SERVER_ERROR, _SERVER_ERROR)

    def test_noise(self, source: DeviceSource) -> None:
        """Something else at the address."""
        self._demand_errors(source, Fault.NOISE, _NONSENSE)

    def test_web_page(self, source: DeviceSource) -> None:
        """A login page, a captive portal, the page of a router."""
        self._demand_errors(source, Fault.WEB_PAGE, (*_NONSENSE, AuthenticationError, PermissionDeniedError))

    def test_cut_answer(self, source: DeviceSource) -> None:
        """A connection that breaks off in the middle."""
        self._demand_errors(source, Fault.CUT, _CUT)

    def test_answer_without_end(self, source: DeviceSource) -> None:
        """A body of any size; reading it whole would fill the memory of Home Assistant."""
        self._demand_errors(source, Fault.OVERSIZED, _TOO_MUCH)

    def test_wrong_login(self, source: DeviceSource) -> None:
        """Another password is refused; only that starts a new login."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                wrong = self._wrong_login(bench)
                if not wrong:
                    pytest.skip("only a simulator with a secret in its config can refuse one")
                await _demand(_log_in(bench, wrong), _REFUSED_LOGIN, "The login was wrong")

        run(scenario())

    def _wrong_login(self, bench: Bench) -> Mapping[str, ConfigValue]:
        if bench.device.simulated is None:
            return {}
        guessed = {key: _other(secret) for key, secret in self._secrets(bench).items()}
        return bench.device.simulated.wrong_login or guessed

    def _secrets(self, bench: Bench) -> dict[str, str]:
        config = bench.device.config
        keys = (declared.key for declared in self.handler.spec.fields if declared.kind is FieldKind.SECRET)
        return {key: str(config[key]) for key in keys if config.get(key)}

    def _demand_errors(
        self, source: DeviceSource, fault: Fault, errors: Errors | None, *, may_lack: bool = True
    ) -> None:
        async def scenario() -> None:
            async with self.bench(source) as bench:
                expected = errors or (_REFUSED_LOGIN if self._secrets(bench) else _NO_LOGIN)
                for phase in (Phase.CONNECTION, Phase.FETCH):
                    await _demand_error(bench, fault, phase, expected, may_lack=may_lack)

        run(scenario())


def _swapping(bench: Bench, before: int) -> Callable[[Phase, int], Awaitable[None]]:
    """Return what puts another device in the place of this one before the request of that number."""
    simulated = bench.device.simulated

    async def swap(phase: Phase, number: int) -> None:
        if (phase, number) == (Phase.FETCH, before) and simulated is not None and simulated.swap is not None:
            await simulated.swap()

    return swap


def _demand_identity(unique_id: str | None, bench: Bench) -> None:
    if unique_id is None:
        return
    demand(unique_id and unique_id == unique_id.strip(), f"unique_id is {unique_id!r}: no blanks, not empty.")
    addresses = {str(bench.device.config.get(key)) for key in ("host", "url")}
    try:
        ipaddress.ip_address(unique_id)
    except ValueError:
        is_address = unique_id in addresses
    else:
        is_address = True
    demand(
        not is_address,
        f"unique_id is the address {unique_id}, which changes. Use a MAC or serial number, or None.",
    )


def _demand_identity_as_discovered(unique_id: str | None, spec: HandlerSpec) -> None:
    matchers = [matcher for matcher in spec.discovery if matcher.unique_id]
    demand(
        unique_id is not None or not matchers,
        "A matcher of `discovery` has a `unique_id`, test_connection has none. They have to be the same.",
    )
    by_mac = any(isinstance(matcher, KnownDevices) and matcher.unique_id == "device.mac" for matcher in matchers)
    own_id = A_MAC if spec.unique_id_form else str(unique_id)
    demand(
        not by_mac or (re.fullmatch(r"[0-9a-f]{12}", own_id) and can_be_own(spec, own_id)),
        f"unique_id is {unique_id!r}; a matcher of `discovery` takes device.mac, which has 12 lower-case hex digits."
        " They have to be the same, letter by letter, or the device is found twice; `unique_id_form` has to fit both.",
    )
    demand(
        unique_id is None or can_be_own(spec, unique_id),
        f"unique_id is {unique_id!r}, and spec.unique_id_form is {spec.unique_id_form!r}, which it does not match.",
    )


async def _demand_error(bench: Bench, fault: Fault, phase: Phase, expected: Errors, *, may_lack: bool) -> None:
    before = dict(bench.network.requests)
    phases = {Phase.CONNECTION, Phase.FETCH} if phase is Phase.CONNECTION else {phase}
    async with bench.network.failing(fault, *phases) as server:
        what = f"From {phase.value} on the device answers with a fault ({fault.value})"
        job = bench.fetch(hurry=fault is Fault.HANG, small=fault is Fault.OVERSIZED)
        asked = asyncio.create_task(_demand(job, expected, what, may_lack=may_lack and phase is Phase.FETCH))
        await asyncio.wait({asked})
        if not server.asked.is_set() and phase is Phase.FETCH and bench.network.requests[phase] == before[phase]:
            asked.exception()
            return
        if not server.asked.is_set():
            asked.exception()
            fail(
                f"The fault ({fault.value}) never reached the handler: it does not use context.http. Use it for"
                " everything; where the device speaks no HTTP, relax this check and test it by a simulator of your own."
            )
        await asked
        demand(
            not server.swallowed,
            "The handler read an answer of any size to its end. Read bodies by `await self.context.read(response)`.",
        )
    await _demand_recovery(bench, fault)


async def _demand(job: Awaitable[Fetched], expected: Errors, what: str, *, may_lack: bool = False) -> None:
    try:
        fetched = await job
    except expected:
        return
    except HandlerCrashedError as error:
        fail(f"{what}, and the handler raised {error.detail_in()}. Raise {names(expected)}; client_errors() helps.")
    except DeviceBackupError as error:
        fail(f"{what}: the right error is {names(expected)}, not {describe(error)}.")
    demand(
        may_lack and (fetched.artifact.missing or fetched.doubts),
        f"{what}, but there was a backup without a word about it. Raise {names(expected)}"
        + (", or name what is not in the backup in `missing`." if may_lack else "."),
    )


async def _log_in(bench: Bench, wrong: Mapping[str, ConfigValue]) -> Fetched:
    try:
        return await bench.fetch(config=wrong)
    except ConfigError as error:
        fail(
            f"What the check enters as a wrong login is no value of {error.field}. Give Simulated a `wrong_login`: what"
            f" a person could enter, and the device refuses. {error}"
        )


async def _demand_recovery(bench: Bench, fault: Fault) -> None:
    try:
        await bench.fetch()
    except DeviceBackupError as error:
        fail(f"The fault ({fault.value}) is over, but the next job fails, too: {describe(error)}.")


def _other(secret: str) -> str:
    """Return another secret of the same length and kind of characters."""
    return "".join(str((int(sign) + 1) % 10) if sign.isdecimal() else ("y" if sign == "x" else "x") for sign in secret)


@contextmanager
def _sleeps_noticed() -> Iterator[list[str]]:
    """Return what of `time.sleep` is called in this thread while the block runs."""
    here, real = threading.get_ident(), time.sleep
    noticed: list[str] = []

    def noticing(seconds: float | SupportsIndex, /) -> None:
        if threading.get_ident() == here:
            noticed.append(f"time.sleep({seconds})")
        real(min(float(seconds), _LONGEST_SLEEP))

    time.sleep = noticing
    try:
        yield noticed
    finally:
        time.sleep = real
