"""Handlers that each break one promise of the contract; the name of a class is what it does wrong."""

import asyncio
import base64
import json
import logging
import random
import socket
import sys
import time
from collections.abc import Collection, Mapping
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
    DeviceBackupHandler,
    DeviceError,
    DeviceInfo,
    FieldKind,
    HandlerContext,
    HandlerSpec,
    InvalidArtifactError,
    KnownDevices,
    Message,
    Note,
    Progress,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    client_errors,
    receive_text,
)

from .clock import SPEC, WIFI, ClockHandler

LEFT_OPEN: list[socket.socket] = []
"""What `LeavesSocket` opened, so that the test can close it."""
_HOST_NAME = Path("/etc/hostname")


class SecretAsText(ClockHandler):
    spec: ClassVar[HandlerSpec] = replace(
        SPEC, fields=(*SPEC.fields, ConfigField(key="admin_pin", kind=FieldKind.TEXT, label="PIN"))
    )


class ReadsInInit(ClockHandler):
    def __init__(self, context: HandlerContext, config: Config) -> None:
        super().__init__(context, config)
        _HOST_NAME.read_text(encoding="utf-8")


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


class IgnoresTheSession(ClockHandler):
    """Makes a session of its own: no fault ever reaches it."""

    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        async with (
            aiohttp.ClientSession() as own,
            own.request(method, self.url(path), data=data, headers=self.headers()) as response,
        ):
            if response.status == 401:
                raise AuthenticationError
            return await response.read()


class SwallowsCancellation(ClockHandler):
    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        try:
            return await super().ask(method, path, data)
        except asyncio.CancelledError as error:
            raise CannotConnectError from error


class LeavesTaskWhenCancelled(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        task = asyncio.create_task(asyncio.sleep(3600))
        artifact = await super().fetch_backup()
        task.cancel()
        return artifact


class LeavesSocketWhenCancelled(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        LEFT_OPEN.append(socket.socket())
        artifact = await super().fetch_backup()
        LEFT_OPEN.pop().close()
        return artifact


class LeavesTask(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        artifact = await super().fetch_backup()
        self.task = asyncio.create_task(asyncio.sleep(3600))
        return artifact


class FailsToClose(ClockHandler):
    async def close(self) -> None:
        await self.ask("GET", "/logout")


class LogsTheSecret(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        logging.getLogger(__name__).debug("Login with %s", self.config["password"])
        return await super().test_connection()


class PrintsTheSecret(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        sys.stdout.write(str(self.config["password"]))
        return await super().test_connection()


class KeepsASecretAsAttribute(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        return replace(await super().fetch_backup(), attributes={"wifi": WIFI})


class TellsASecretInAnError(ClockHandler):
    def read_json(self, body: bytes) -> dict[str, Any]:
        try:
            return super().read_json(body)
        except UnsupportedDeviceError as error:
            raise UnsupportedDeviceError(f"No clock in {WIFI}") from error


class RedactsNothing(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {artifact.filename: json.dumps(cls.settings(artifact))}


class GivesNotesWithoutCode(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        return replace(await super().fetch_backup(), missing=(Note(code="No alarm!", text="There is no alarm."),))


class OwnedBySomebodyElse(ClockHandler):
    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        return "clock-0815"


class _AcceptsSome(ClockHandler):
    @classmethod
    def accepts(cls, content: bytes) -> bool:
        raise NotImplementedError

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return () if cls.accepts(artifact.content) else super().validate(artifact)


class AcceptsNothing(_AcceptsSome):
    @classmethod
    def accepts(cls, content: bytes) -> bool:
        return not content


class AcceptsHalf(_AcceptsSome):
    @classmethod
    def accepts(cls, content: bytes) -> bool:
        return content.startswith(b'{"face"')


class AcceptsPages(_AcceptsSome):
    @classmethod
    def accepts(cls, content: bytes) -> bool:
        return content.startswith(b"<!DOCTYPE")


class AcceptsNoise(_AcceptsSome):
    @classmethod
    def accepts(cls, content: bytes) -> bool:
        return not content.isascii()


class RefusesWithoutReason(ClockHandler):
    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        if not artifact.content:
            raise InvalidArtifactError
        return super().validate(artifact)


class CrashesOnDamage(ClockHandler):
    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        cls.settings(artifact)["alarm"]
        return super().normalize(artifact)


class ReadsInValidate(ClockHandler):
    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        _HOST_NAME.read_text(encoding="utf-8")
        return super().validate(artifact)


class CountsNormalisations(ClockHandler):
    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        settings = cls.settings(artifact)
        del settings["uptime"]
        return {
            artifact.filename: json.dumps({**settings, "uptime": "", "times": settings.get("times", 0) + 1}).encode()
        }


class CountsTheUptime(ClockHandler):
    restore_backup = DeviceBackupHandler.restore_backup

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return {artifact.filename: json.dumps(cls.settings(artifact), sort_keys=True).encode()}


class OverlooksTheAlarm(ClockHandler):
    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        face = cls.settings(artifact)["face"]
        return {artifact.filename: json.dumps({"face": face}).encode()}


class ProvesWithoutRestoring(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        await self.ask("GET", "/info")
        return RestoreReport(proven=("All settings.",))


class ReportsNothing(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        await super().restore_backup(artifact, progress)
        return RestoreReport()


class HidesAFailedRestore(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        try:
            return await super().restore_backup(artifact, progress)
        except DeviceError:
            return RestoreReport(unproven=("It may have worked.",))


class RaisesTheWrongErrorInRestore(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        try:
            return await super().restore_backup(artifact, progress)
        except DeviceError as error:
            raise InvalidArtifactError from error


class KnowsNoDevice(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        raise UnsupportedDeviceError


class OverlooksOneFileOfABundle(ClockHandler):
    """Refuses a bundle only when both of its files are no settings."""

    async def fetch_backup(self) -> Artifact:
        artifact = await super().fetch_backup()
        return Artifact.bundle({"clock.json": artifact.content, "spare.json": artifact.content})

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        refused = 0
        for name, content in artifact.files().items():
            try:
                cls.settings(Artifact(filename=name, content=content))
            except InvalidArtifactError:
                refused += 1
        if refused != 0 and refused == len(artifact.files()):
            raise InvalidArtifactError("clock.json and spare.json are no settings.")
        return ()

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return artifact.files()

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {}


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


class CountsWhatWasHandedIn(ClockHandler):
    """Keeps the contract with what it fetched, and breaks it with the file of a page."""

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return super().redact(artifact) if artifact.filename == "clock.json" else {"page": artifact.content.decode()}

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        if artifact.filename == "clock.json":
            return super().normalize(artifact)
        return {artifact.filename: artifact.content + b" "}

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return super().validate(artifact) if artifact.filename == "clock.json" else ()


class CrashesInRestore(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        try:
            return await super().restore_backup(artifact, progress)
        except DeviceError as error:
            raise KeyError("answer") from error


class RefusesItsOwnBackup(ClockHandler):
    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        await self.ask("GET", "/info")
        raise RestoreRejectedError("Not today.")


class AsksByWebsocket(ClockHandler):
    """Breaks nothing."""

    async def fetch_backup(self) -> Artifact:
        with client_errors():
            async with self.context.http.ws_connect(self.url("/websocket"), headers=self.headers()) as websocket:
                return Artifact(filename="clock.json", content=(await receive_text(websocket)).encode())


class TrustsTheWebsocket(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        async with self.context.http.ws_connect(self.url("/websocket"), headers=self.headers()) as websocket:
            return Artifact(filename="clock.json", content=(await websocket.receive_str()).encode())


class SwallowsMessagesOfAnySize(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        with client_errors():
            async with self.context.http.ws_connect(
                self.url("/websocket"), headers=self.headers(), max_msg_size=0
            ) as websocket:
                return Artifact(filename="clock.json", content=(await websocket.receive_str()).encode())


class GivesNoPart(ClockHandler):
    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        raise RestoreRejectedError("None of them.")


class GivesHalfOfAPart(ClockHandler):
    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        return replace(artifact, content=artifact.content[:10])


class RecognizesEverything(ClockHandler):
    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        return True


class RecognizesNothing(ClockHandler):
    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        return False


class KnowsItsOwnerByHeart(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        self.known = await super().test_connection()
        return self.known

    async def fetch_backup(self) -> Artifact:
        return replace(await super().fetch_backup(), attributes={"serial": str(self.known.unique_id)})

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        return artifact.attributes.get("serial")


class ChangesWhileItPlans(ClockHandler):
    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        await self.ask("PUT", "/settings", artifact.content)
        return await super().plan_restore(artifact)


class PlansNothing(ClockHandler):
    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        return RestorePlan()


class PlansTheSameTwice(ClockHandler):
    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        plan = await super().plan_restore(artifact)
        needs = [Message("Enter the password again: {place}.", {"place": place}) for place in ("Wi-Fi", "MQTT")]
        return replace(plan, needs=tuple(needs))


class RemarksWhatIsMissing(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        remark = Note(code="no_alarm", text="There is no alarm.", is_remark=True)
        return replace(await super().fetch_backup(), missing=(remark,))


class ShowsTheSecretInBase64(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {"clock.json": base64.b64encode(f"wifi={cls.settings(artifact)['wifi']}".encode()).decode()}


class HidesThatASecretChanged(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        settings = cls.settings(artifact)
        return {artifact.filename: f"A {settings['face']} clock\n(secrets hidden)"}
