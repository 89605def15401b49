"""What a job does with a device; imports the library for SSH, so it is imported in a thread."""

from collections.abc import Sequence

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    Config,
    DeviceBackupError,
    DeviceInfo,
    HandlerContext,
    Note,
    Progress,
    RestorePlan,
    RestoreReport,
)

from .collecting import CollectedFiles, collect_files, collect_output
from .judging import check
from .login import SshLogin
from .platform import SshPlatform
from .putting_files import FilesPutter
from .putting_whole import WholePutter
from .session import SshAddress, made_pair, public_half
from .talking import Talk
from .translation import _

__all__ = ["SshJob", "made_pair"]


class SshJob:
    """One job with one device."""

    def __init__(self, context: HandlerContext, platform: SshPlatform, config: Config, login: SshLogin) -> None:
        """Take what was entered; nothing is sent yet."""
        self._context, self._platform, self._config, self._login = context, platform, config, login
        pinned = config["host_key"]
        address = SshAddress(
            host=str(config["host"]),
            port=int(str(config["port"])),
            pinned=pinned if isinstance(pinned, str) else None,
            is_old=bool(config["old_algorithms"]),
        )
        for_sudo = config.get("sudo_password") or login.password
        self._talk = Talk(context, platform, address, login, str(for_sudo) if for_sudo else None)

    @property
    def _as_root(self) -> bool:
        return bool(self._config.get("sudo"))

    async def who(self) -> DeviceInfo:
        """Return who is there."""
        try:
            return await self._talk.who()
        except AuthenticationError as error:
            raise await self._refused(error) from None

    async def _refused(self, error: AuthenticationError) -> AuthenticationError:
        """Say which line the device has to know, where a key was refused."""
        key = self._login.key
        if key is None:
            return error
        public = await self._context.run_blocking(public_half, key, self._login.passphrase)
        return AuthenticationError(
            _("It does not know this key. The line for the user's authorized_keys is: {line}", line=public),
            perhaps_busy=error.perhaps_busy,
        )

    async def outputs(self, *, limit: int, seconds: float) -> tuple[dict[str, bytes], tuple[Note, ...]]:
        """Return what the commands give, and what is missing."""
        found: dict[str, bytes] = {}
        missing: list[Note] = []
        for output in self._platform.outputs:
            left = limit - sum(map(len, found.values()))
            try:
                found[output.name] = await collect_output(self._talk, output, limit=left, seconds=seconds)
            except DeviceBackupError as error:
                if output.is_required:
                    raise
                code = f"no_{output.name.replace('.', '_').replace('-', '_')}"
                missing.append(Note(code=code, text=_("{name}: {why}", name=output.name, why=error.detail or "")))
        return found, tuple(missing)

    async def files(
        self, paths: Sequence[str], excludes: Sequence[str], *, limit: int, seconds: float
    ) -> CollectedFiles:
        """Return files and folders."""
        return await collect_files(self._talk, paths, excludes, as_root=self._as_root, limit=limit, seconds=seconds)

    async def plan(self, artifact: Artifact, *, limit: int) -> RestorePlan:
        """Return what a restore would do."""
        return await (await self._putter(artifact, limit)).plan()

    async def restore(self, artifact: Artifact, progress: Progress, *, limit: int) -> RestoreReport:
        """Put a backup back."""
        return await (await self._putter(artifact, limit)).restore(progress)

    async def _putter(self, artifact: Artifact, limit: int) -> FilesPutter | WholePutter:
        contents = await self._context.run_blocking(check, artifact, self._platform)
        if self._platform.tree is None:
            return WholePutter(self._talk, self._platform, contents, limit=limit)
        command = self._config.get("after_restore")
        return FilesPutter(
            self._talk,
            self._platform.tree,
            contents.entries,
            as_root=self._as_root,
            limit=limit,
            command=command if isinstance(command, str) else "",
        )

    async def close(self) -> None:
        """End the connection."""
        await self._talk.close()
