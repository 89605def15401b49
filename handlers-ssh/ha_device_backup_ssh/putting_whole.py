"""Puts a backup back that the device itself reads as a whole, and waits until it runs with it."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from ha_device_backup_core import (
    FileChange,
    PlannedFile,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    Text,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import Restart, RestartPace, RestoreErrors, shown, uncertain

from .collecting import collect_output
from .contents import Contents
from .judging import members_of
from .paths import quoted_path
from .platform import Output, Putting, SshPlatform
from .shell import CommandAnswer
from .talking import Talk
from .translation import _

_SECONDS = 300.0
_LOOK_SECONDS = 10.0
_MOST_DETAILS = 200
_BESIDE = "${TMPDIR:-/tmp}/device-backup"
"""Where the device keeps what it is sent, until its command has read it; what an earlier try left there goes."""
_UPTIME = re.compile(rb"\s*[0-9]{1,12}(?:\.[0-9]{1,9})?(?!\S)")

PACE = RestartPace(poll=3.0, overdue=60.0, limit=300.0)


@dataclass(frozen=True, slots=True)
class RunningDevice:
    """A device that runs, and for how long it does."""

    unique_id: str
    uptime: float


class WholePutter:
    """Puts the one file of a backup on a device."""

    def __init__(self, talk: Talk, platform: SshPlatform, contents: Contents, *, limit: int) -> None:
        """Take a checked backup."""
        self._talk, self._contents, self._limit = talk, contents, limit
        self._output: Output = platform.outputs[0]
        self._wanted = contents.outputs[self._output.name]
        putting = platform.putting
        assert putting is not None  # noqa: S101 - a handler that restores nothing makes none of these
        self._putting: Putting = putting
        self._errors = RestoreErrors()

    async def plan(self) -> RestorePlan:
        """Return what would be different afterwards."""
        await self._refuse_what_does_not_fit()
        details = await self._differences()
        change = FileChange.CHANGED if details else FileChange.UNCHANGED
        return RestorePlan(
            files=(PlannedFile(name=self._output.name, change=change, details=tuple(details[:_MOST_DETAILS])),),
            risks=tuple(self._risks()) if details else (),
            restarts=self._putting.restarts,
        )

    async def _refuse_what_does_not_fit(self) -> None:
        device = await self._talk.who()
        before, now = (_release(version) for version in (self._contents.version, device.version))
        if before and now and before != now:
            raise RestoreRejectedError(_("The backup is of {old}, and it runs {new} now.", old=before, new=now))
        if self._contents.model and device.model and self._contents.model != device.model:
            raise RestoreRejectedError(
                _(
                    "The backup is of a {old}, and this is a {new}, whose network ports have other names: nobody might"
                    " reach it any more.",
                    old=self._contents.model,
                    new=device.model,
                )
            )

    def _risks(self) -> Iterator[Text]:
        yield _("If its address or its networks change by it, you have to find it there.")
        if self._contents.model is None:
            yield _("The backup does not say of which model it is: on another one its network may not work.")

    async def _differences(self) -> list[Text]:
        current = await collect_output(self._talk, self._output, limit=self._limit, seconds=_SECONDS)
        run = self._talk.context.run_blocking
        wanted = await run(members_of, self._output.name, self._wanted)
        there = await run(members_of, self._output.name, current)
        return [
            _("{path} is written", path=shown(quoted_path(path)))
            for path in sorted(wanted)
            if wanted[path] != there.get(path) and path not in self._putting.generated
        ]

    async def restore(self, progress: Progress) -> RestoreReport:
        """Put it back, restart the device where that is needed, and read it back."""
        with self._errors.told():
            return await self._put_back(progress)

    async def _put_back(self, progress: Progress) -> RestoreReport:
        await self._refuse_what_does_not_fit()
        progress(0.1, _("Sending the backup"))
        restart = await self._restart() if self._putting.restarts else None
        sent = await self._send()
        self._errors.may_have_changed = True
        command = f"{{ {self._putting.command} ; }} < {sent}; ended=$?; rm -f {sent}; (exit $ended)"
        answer = await self._talk.ask(command, seconds=_SECONDS)
        if answer.status != 0:
            raise uncertain(_said(answer))
        if restart is not None:
            progress(0.4, _("Restarting the device"))
            await restart.ask_and_wait()
        elif self._putting.apply:
            await self._talk.ask(self._putting.apply, seconds=_SECONDS)
        progress(0.9, _("Reading it back"))
        if left := await self._differences():
            raise RestoreNotVerifiedError(left[0])
        return RestoreReport(proven=(_("Every file of the backup was read back and is equal."),))

    async def _send(self) -> str:
        """Have the device keep the whole backup beside, and return where: a command that read half of it would use it.

        Raises RestoreRejectedError where it has no room for it.
        """
        place = f'"{_BESIDE}.{secrets.token_hex(8)}"'
        size = f'[ "$(wc -c < {place})" -eq {len(self._wanted)} ]'
        kept = f"umask 077 && set -C && cat > {place} && {size}"
        command = f'rm -f "{_BESIDE}".*; {kept} || {{ rm -f {place}; false; }}'
        answer = await self._talk.ask(command, given=self._wanted, seconds=_SECONDS)
        if answer.status != 0:
            raise RestoreRejectedError(_said(answer))
        return place

    async def _restart(self) -> Restart[RunningDevice]:
        return Restart(
            await self._running(),
            look=self._running_anew,
            ask=lambda: self._talk.ask(self._putting.apply, seconds=_LOOK_SECONDS),
            not_back=_("It did not come back after the restart. Perhaps it has another address now."),
            pace=PACE,
        )

    async def _running(self) -> RunningDevice:
        device = await self._talk.who()
        answer = await self._talk.ask("cat /proc/uptime", seconds=_LOOK_SECONDS)
        uptime = _UPTIME.match(answer.out)
        if uptime is None:
            raise UnexpectedResponseError(_("It does not say for how long it has been running."))
        return RunningDevice(device.unique_id or "", float(uptime[0]))

    async def _running_anew(self) -> RunningDevice:
        await self._talk.close()
        return await self._running()


def _said(answer: CommandAnswer) -> Text:
    return _("The device says: {words}", words=shown(answer.err or answer.out))


def _release(version: str | None) -> str:
    """Return the part of a version within which a backup fits."""
    return ".".join((version or "").split(".")[:2])
