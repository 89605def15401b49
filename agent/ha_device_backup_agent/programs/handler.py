"""The handlers of programs that the administrator allows, one class each."""

import hashlib
import os
from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    ArtifactTooLargeError,
    DeviceBackupHandler,
    DeviceInfo,
    HandlerSpec,
    Note,
    Progress,
    RestoreRejectedError,
    RestoreReport,
    Text,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    hidden,
)
from ha_device_backup_core.toolkit import uncertain

from ..processes import Ended, ProgramCall, run_program
from ..translation import _
from .configuration import AllowedProgram
from .forms import MEDIA_TYPES, check_form, without_time

_PATIENCE_SECONDS = 60.0
"""What a job may take beside the program."""
_SHORTEST_SECRET = 4
_GUIDE: Text = _("Download the file, and give it to the program that made it.")


class ProgramHandler(DeviceBackupHandler):
    """Keeps what a program puts out; nothing of how it is called comes from the other side."""

    program: ClassVar[AllowedProgram]
    agent_id: ClassVar[str]

    async def test_connection(self) -> DeviceInfo:
        """Return the program; it is not run."""
        await self._require(self.program.argv[0])
        digest = hashlib.sha256(f"{self.agent_id}\n{self.program.name_in_kind}".encode()).hexdigest()
        return DeviceInfo(unique_id=digest[:32], name=self.program.name)

    async def fetch_backup(self) -> Artifact:
        """Run it."""
        await self._require(self.program.argv[0])
        content = await self._output()
        return Artifact(filename=self.program.filename, content=content, media_type=MEDIA_TYPES[self.program.form])

    async def _output(self) -> bytes:
        program, pieces = self.program, bytearray()

        def take(piece: bytes) -> None:
            pieces.extend(piece)
            if len(pieces) > self.spec.max_artifact_bytes:
                raise ArtifactTooLargeError(_("It puts out more than {limit} bytes.", limit=program.max_bytes))

        command = ProgramCall(argv=program.argv, environment=program.environment)
        try:
            ended = await run_program(command, take, seconds=program.timeout)
        except TimeoutError:
            raise UnexpectedResponseError(self._too_slow()) from None
        if ended.status != 0:
            raise UnexpectedResponseError(self._why(ended))
        if not pieces:
            raise UnexpectedResponseError(_("It put nothing out. {line}", line=self._said(ended)))
        return bytes(pieces)

    async def _require(self, path: str) -> None:
        if not await self.context.run_blocking(_can_run, path):
            raise UnsupportedDeviceError(_("{program} is not at the agent, or may not be run.", program=path))

    def _too_slow(self) -> Text:
        return _("It did not end within {seconds} seconds.", seconds=round(self.program.timeout))

    def _why(self, ended: Ended) -> Text:
        return _("It ended with status {status}. {line}", status=ended.status, line=self._said(ended))

    def _said(self, ended: Ended) -> str:
        """Return its last line without the secrets that it was given."""
        line = ended.last_line
        for secret in sorted(self.program.environment.values(), key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                line = line.replace(secret, hidden(secret))
        return line

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what has another form than the administrator named."""
        check_form(cls.program.form, artifact.content)
        return ()

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the output without the time in its head."""
        return {cls.program.filename: without_time(cls.program.form, artifact.content)}


class RestoringProgramHandler(ProgramHandler):
    """Gives the output to another program, which puts it back."""

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Give it what was put out; what it makes of it only it knows."""
        program = self.program
        if not await self.context.run_blocking(_can_run, program.restore[0]):
            raise RestoreRejectedError(
                _("{program} is not at the agent, or may not be run.", program=program.restore[0])
            )
        progress(None, _("{program} is at work.", program=program.name))
        command = ProgramCall(argv=program.restore, environment=program.environment)
        try:
            ended = await run_program(command, lambda _piece: None, given=artifact.content, seconds=program.timeout)
        except TimeoutError:
            raise uncertain(self._too_slow()) from None
        if ended.status != 0:
            raise uncertain(self._why(ended))
        return RestoreReport(
            unproven=(_("{program} took the file. Look whether all is as it was.", program=program.name),)
        )


def _can_run(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)  # noqa: PTH113 - a path of the administrator's


def program_handler(program: AllowedProgram, agent_id: str) -> type[ProgramHandler]:
    """Return the handler of a program."""
    base = RestoringProgramHandler if program.restore else ProgramHandler
    spec = HandlerSpec(
        kind=program.kind,
        name=program.name,
        api_version=ApiVersion(1, 0),
        fields=(),
        fetch_timeout=program.timeout + _PATIENCE_SECONDS,
        max_artifact_bytes=program.max_bytes,
        omits=(_("All that the program does not put out"),),
        restore_guide=program.guide or (_GUIDE,),
    )
    attributes = {
        "__doc__": f"Keeps what {program.name_in_kind} puts out.",
        "__module__": __name__,
        "program": program,
        "agent_id": agent_id,
        "spec": spec,
    }
    name = "".join(part.capitalize() for part in program.name_in_kind.split("_"))
    return type(f"{name}ProgramHandler", (base,), attributes)
