"""Handlers whose backups or restores are not what they say: each breaks the contract at one point."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace

from ha_device_backup_core import (
    Artifact,
    DeviceBackupHandler,
    DeviceError,
    DeviceInfo,
    InvalidArtifactError,
    Message,
    Note,
    Progress,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
)

from .broken import HOST_NAME
from .clock import ClockHandler


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
        HOST_NAME.read_text(encoding="utf-8")
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
