"""Put a backup back on a controller, prove it, and leave a working device at every step before the last."""

from collections.abc import Mapping

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    Progress,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreReport,
    RunBlocking,
    Text,
    UnexpectedResponseError,
)

from . import device_files
from . import restore_texts as texts
from .access import Access, Closed, FileList
from .client import WledClient
from .collect import read_with_editor
from .compare import differences
from .device_files import CONFIGURATION
from .info import WledInfo
from .json_files import JsonError, as_object, parse
from .plan import RestorePlan, check_network, check_room, make_plan
from .restart import Restart

_OK = 200
_SEND_TRIES = 2


class Restorer:
    """One restore of one device."""

    def __init__(self, client: WledClient, access: Access, progress: Progress, run_blocking: RunBlocking) -> None:
        """Keep what is needed; no I/O."""
        self._run_blocking = run_blocking
        self._client = client
        self._access = access
        self._progress = progress
        self._listed: FileList | Closed = Closed.DISABLED
        self._changed = False

    async def restore(self, files: Mapping[str, bytes]) -> RestoreReport:
        """Put back the files of a valid backup.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after.
        """
        self._progress(0.0, texts.CHECKING)
        info = await self._client.info()
        restart = Restart(self._client, info)
        plan = await self._run_blocking(make_plan, files, info)
        self._listed = await self._open(info)
        current = {name: await self._read_present(info, name) for name in plan.uploads}
        check_room(plan, current, info)
        needs = (*plan.needs, *check_network(plan, current.get(CONFIGURATION)))
        unread = await self._send_files(info, plan, current)
        unproven = await self._finish(info, plan, restart)
        return self._report(plan, unread, unproven, needs)

    async def _open(self, info: WledInfo) -> FileList | Closed:
        listed = await self._access.files(info)
        if listed is Closed.PIN:
            raise RestoreRejectedError(texts.LOCKED)
        if listed is Closed.OTA_LOCK:
            raise RestoreRejectedError(texts.OTA_LOCKED)
        return listed

    async def _read_present(self, info: WledInfo, name: str) -> bytes | None:
        known_absent = isinstance(self._listed, FileList) and name not in self._listed.sizes
        return None if known_absent else await self._read(info, name)

    async def _read(self, info: WledInfo, name: str) -> bytes | None:
        if device_files.is_served_by_path(name):
            answer = await self._client.read_file(name)
        elif isinstance(self._listed, FileList):
            answer = await read_with_editor(self._client, info, name)
        else:
            return None
        return answer.body if answer.status == _OK and not answer.is_twin else None

    async def _send_files(self, info: WledInfo, plan: RestorePlan, current: Mapping[str, bytes | None]) -> list[str]:
        """Send what differs, and return the names that could not be read back."""
        unread = []
        for number, (name, content) in enumerate(plan.files.items()):
            self._progress(0.1 + 0.6 * number / len(plan.files), texts.sending(name))
            if current[name] != content and not await self._send(info, name, content):
                unread.append(name)
        return unread

    async def _send(self, info: WledInfo, name: str, content: bytes) -> bool:
        readable = device_files.is_served_by_path(name) or isinstance(self._listed, FileList)
        for _ in range(_SEND_TRIES):
            answer = await self._client.upload(name, content)
            self._check_taken(name, answer.status)
            if not readable or await self._read(info, name) == content:
                return readable
        raise RestoreNotVerifiedError(texts.not_written(name))

    def _check_taken(self, name: str, status: int) -> None:
        if status != _OK:
            refusal = texts.refused(name, status)
            raise RestoreNotVerifiedError(refusal) if self._changed else RestoreRejectedError(refusal)
        self._changed = True

    async def _finish(self, info: WledInfo, plan: RestorePlan, restart: Restart) -> list[Text]:
        if plan.configuration is None:
            self._progress(0.75, texts.RESTARTING)
            await restart.ask_and_wait()
            return []
        self._progress(0.7, texts.SENDING_CONFIGURATION)
        await self._send_configuration(plan.configuration)
        self._progress(0.75, texts.RESTARTING)
        after = await (restart.wait() if info.restarts_by_itself else restart.ask_and_wait())
        self._progress(0.95, texts.READING_BACK)
        return await self._prove_configuration(plan, plan.configuration, after)

    async def _send_configuration(self, content: bytes) -> None:
        try:
            answer = await self._client.upload(CONFIGURATION, content, once=True)
        except (CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            # The restart can swallow the answer; what was written is read back after it.
            return
        self._check_taken(CONFIGURATION, answer.status)

    async def _prove_configuration(self, plan: RestorePlan, content: bytes, after: WledInfo) -> list[Text]:
        answer = await self._client.read_file(CONFIGURATION)
        try:
            sent, held = as_object(parse(content)), as_object(parse(answer.body))
        except JsonError as error:
            raise RestoreNotVerifiedError(texts.RUNS_OTHER) from error
        name = as_object(sent.get("id")).get("name")
        if isinstance(name, str) and name.strip() and not name.strip().startswith(after.name):
            raise RestoreNotVerifiedError(texts.RUNS_OTHER)
        different = [] if answer.body == content else differences(sent, held)
        if different and not plan.may_migrate:
            raise RestoreNotVerifiedError(texts.differs(different))
        return [texts.migrated(different)] if different else []

    def _report(
        self, plan: RestorePlan, unread: list[str], unproven: list[Text], needs: tuple[Text, ...]
    ) -> RestoreReport:
        self._progress(1.0, texts.DONE)
        equal = len(plan.files) - len(unread)
        proven = [texts.files_equal(equal)] if equal else []
        proven.append(texts.RESTARTED if plan.configuration is None else texts.CONFIGURATION_EQUAL)
        if unread:
            unproven = [*unproven, texts.not_read_back(unread)]
        if isinstance(self._listed, FileList) and (extra := self._extra(self._listed, plan)):
            unproven = [*unproven, texts.extra_files(extra)]
        return RestoreReport(proven=tuple(proven), unproven=tuple(unproven), needs=needs)

    @staticmethod
    def _extra(listed: FileList, plan: RestorePlan) -> set[str]:
        aside = device_files.MADE_BY_DEVICE | {CONFIGURATION}
        return {name for name in listed.sizes if device_files.is_kept(name)} - plan.files.keys() - aside
