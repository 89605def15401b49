"""Handlers that each break one promise of the contract; the name of a class is what it does wrong."""

import asyncio
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import aiohttp

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    Config,
    ConfigError,
    ConfigField,
    DeviceInfo,
    FieldKind,
    HandlerContext,
    HandlerSpec,
    KnownDevices,
    Progress,
    RestoreReport,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)

from .clock import SPEC, ClockHandler

HOST_NAME = Path("/etc/hostname")


class SecretAsText(ClockHandler):
    spec: ClassVar[HandlerSpec] = replace(
        SPEC, fields=(*SPEC.fields, ConfigField(key="admin_pin", kind=FieldKind.TEXT, label="PIN"))
    )


class ReadsInInit(ClockHandler):
    def __init__(self, context: HandlerContext, config: Config) -> None:
        super().__init__(context, config)
        HOST_NAME.read_text(encoding="utf-8")


class NewIdentityEachTime(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        return replace(await super().test_connection(), unique_id=f"clock-{random.random()}")


class ForgetsBrackets(ClockHandler):
    def url(self, path: str) -> str:
        return f"http://{self.config['host']}:{self.config['port']}{path}"


class AddressAsIdentity(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        return replace(await super().test_connection(), unique_id=str(self.config["host"]))


class HasNoIdentityButAnnouncesOne(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        return replace(await super().test_connection(), unique_id=None)


class IsKnownByAnotherIdentity(ClockHandler):
    spec: ClassVar[HandlerSpec] = replace(
        SPEC, discovery=(KnownDevices(integration="clock", fields={"host": "entry.data.host"}, unique_id="device.mac"),)
    )


class DeclaresAnotherFormOfItsIdentity(ClockHandler):
    spec: ClassVar[HandlerSpec] = replace(SPEC, unique_id_form="[A-Z]{40}")


class DeclaresAFormThatNoMacHas(IsKnownByAnotherIdentity):
    spec: ClassVar[HandlerSpec] = replace(IsKnownByAnotherIdentity.spec, unique_id_form=".{1,11}|.{13,}")


class AsksTwiceAtOnce(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        artifact, _ = await asyncio.gather(super().fetch_backup(), self.ask("GET", "/info"))
        return artifact


class SleepsInTheLoop(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        time.sleep(0.001)
        return await super().fetch_backup()


class CallsAnOfflineDeviceUnsupported(ClockHandler):
    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        try:
            return await super().ask(method, path, data)
        except CannotConnectError as error:
            raise UnsupportedDeviceError from error


class CallsAHangingDeviceUnsupported(ClockHandler):
    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        try:
            async with asyncio.timeout(0.4):
                return await super().ask(method, path, data)
        except TimeoutError as error:
            raise UnsupportedDeviceError from error


class _ReadsRawAnswers(ClockHandler):
    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        try:
            async with self.context.http.request(method, self.url(path), data=data, headers=self.headers()) as response:
                return self.body_of(response.status, await self.read(response))
        except aiohttp.ClientPayloadError as error:
            return self.body_of_cut_answer(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CannotConnectError from error

    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        return await self.context.read(response)

    def body_of(self, status: int, body: bytes) -> bytes:
        if status == 401:
            raise AuthenticationError
        if status != 200:
            raise UnexpectedResponseError
        return body

    def body_of_cut_answer(self, error: aiohttp.ClientPayloadError) -> bytes:
        raise UnexpectedResponseError from error


class MissesABare401(_ReadsRawAnswers):
    def body_of(self, status: int, body: bytes) -> bytes:
        return super().body_of(418 if status == 401 and not body else status, body)


class MissesAWrongLogin(_ReadsRawAnswers):
    def body_of(self, status: int, body: bytes) -> bytes:
        return super().body_of(418 if status == 401 and body else status, body)


class CallsAServerErrorUnsupported(_ReadsRawAnswers):
    def body_of(self, status: int, body: bytes) -> bytes:
        if status == 500:
            raise UnsupportedDeviceError
        return super().body_of(status, body)


class CrashesOnNoise(ClockHandler):
    def read_json(self, body: bytes) -> dict[str, Any]:
        body.decode()
        return super().read_json(body)


class CrashesOnAWebPage(ClockHandler):
    def read_json(self, body: bytes) -> dict[str, Any]:
        assert not body.startswith(b"<!DOCTYPE")
        return super().read_json(body)


class CallsACutAnswerUnsupported(_ReadsRawAnswers):
    def body_of_cut_answer(self, error: aiohttp.ClientPayloadError) -> bytes:
        raise UnsupportedDeviceError from error


class ReadsWithoutLimit(_ReadsRawAnswers):
    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        return await response.read()


class KnowsNoDevice(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        raise UnsupportedDeviceError


class StaysBroken(ClockHandler):
    """Remembers in the class that the device was off once."""

    was_off: ClassVar[bool] = False

    async def test_connection(self) -> DeviceInfo:
        if self.was_off:
            raise CannotConnectError
        try:
            return await super().test_connection()
        except CannotConnectError:
            StaysBroken.was_off = True
            raise


class AsksForAllAtFirst(ClockHandler):
    """Breaks nothing: it fetches without any request of its own."""

    async def test_connection(self) -> DeviceInfo:
        self.content = await self.ask("GET", "/settings")
        return await super().test_connection()

    async def fetch_backup(self) -> Artifact:
        return Artifact(filename="clock.json", content=self.content)

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        await self.ask("PUT", "/settings", artifact.content)
        return RestoreReport(unproven=("All settings.",))


class WantsAPairAsSecret(ClockHandler):
    """Breaks nothing: its secret has a form, as “Name: value” has."""

    def __init__(self, context: HandlerContext, config: Config) -> None:
        super().__init__(context, config)
        if not str(self.config["password"]).startswith("canary-"):
            raise ConfigError("password", "It begins with canary-.")
