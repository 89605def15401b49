"""A recipe that also puts backups back."""

from collections.abc import Collection, Iterable, Mapping

from ha_device_backup_core import (
    Artifact,
    DeviceBackupError,
    FileChange,
    Note,
    PlannedFile,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    Text,
    joined,
)
from ha_device_backup_core.toolkit import name_list, settings_of_reach, shown, uncertain

from ..translation import _
from .comparing import compared
from .handler import RecipeHandler
from .put_back import TakenSteps, taken_steps

_SHARE_OF_STEPS = 0.7
_MOST_SETTINGS = 12
_PUT_BACK = _("Putting it back …")
_READ_AGAIN = _("Reading it again …")


class RestoringRecipeHandler(RecipeHandler):
    """Puts back what its recipe has steps for, and reads it again."""

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is not as the recipe says; return what this device does not have, and what could not go back."""
        notes = super().validate(artifact)
        try:
            taken_steps(cls.recipe.restore, cls._files(artifact))
        except RestoreRejectedError as error:
            text = _("It cannot go back by itself. {why}", why=error.detail or error.summary)
            return (*notes, Note(code="not_put_back", text=text, is_remark=True))
        return notes

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Compare the backup with what the device holds now."""
        files = self._files(artifact)
        taken = await self._taken(files)
        now, then = await self._now(), await self._compared(files)
        names = self._counting(taken, now, then)
        return RestorePlan(
            files=tuple(PlannedFile(name=name, change=_change(now.get(name), then.get(name))) for name in names),
            needs=self._left_to_do(names, now, then),
            risks=await self.context.run_blocking(_risks, now, then, names),
            restarts=self.recipe.restore.restarts,
        )

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Take the steps, and compare what the device holds then."""
        files = self._files(artifact)
        taken = await self._taken(files)
        try:
            await self._engine.restore(files, taken, lambda share: progress(share * _SHARE_OF_STEPS, _PUT_BACK))
            progress(_SHARE_OF_STEPS, _READ_AGAIN)
            now, then = await self._now(), await self._compared(files)
        except DeviceBackupError as error:
            if self._engine.has_changed:
                raise uncertain(error.detail or error.happened) from error
            raise
        names = self._counting(taken, now, then)
        different = [name for name in names if now.get(name) != then.get(name)]
        if different:
            raise RestoreNotVerifiedError(
                _("It does not hold what was put on it: {files}.", files=name_list(different))
            )
        return RestoreReport(
            proven=(_("Read back and equal: {files}.", files=name_list(names)),),
            needs=self._left_to_do(names, now, then),
        )

    async def _now(self) -> Mapping[str, bytes]:
        await self._engine.open()
        collected = await self._engine.fetch()
        return await self._compared(collected.files)

    async def _compared(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        return await self.context.run_blocking(compared, self.recipe, files)

    async def _taken(self, files: Mapping[str, bytes]) -> TakenSteps:
        """Return what goes back. Raises RestoreRejectedError."""
        found = await self.context.run_blocking(taken_steps, self.recipe.restore, files)
        if not found.may_change:
            raise RestoreRejectedError(
                joined((_("Nothing in this backup goes back by itself."), *self.spec.restore_guide), " ")
            )
        return found

    def _counting(self, taken: TakenSteps, now: Mapping[str, bytes], then: Mapping[str, bytes]) -> list[str]:
        """Return the names of the files that have to be equal afterwards."""
        return sorted(
            name
            for name in {*now, *then}
            if self.recipe.restore.puts_back(name) and taken.counts(name, is_held=name in then)
        )

    def _left_to_do(
        self, names: Collection[str], now: Mapping[str, bytes], then: Mapping[str, bytes]
    ) -> tuple[Text, ...]:
        """Return what a person has to do about files that the steps do not put back."""
        left = [name for name in sorted({*now, *then} - set(names)) if now.get(name) != then.get(name)]
        kept = [name for name in left if self.recipe.restore.puts_back(name)]
        told = _("The device keeps what this backup does not hold: {files}. Check it there.", files=name_list(kept))
        return (*((told,) if kept else ()), *(self.spec.restore_guide if len(kept) < len(left) else ()))


def _risks(now: Mapping[str, bytes], then: Mapping[str, bytes], names: Iterable[str]) -> tuple[Text, ...]:
    """Return that it may be reached in another way afterwards, where what says so would change."""
    changed = {setting for name in names for setting in settings_of_reach(now.get(name, b""), then.get(name, b""))}
    if not changed:
        return ()
    settings = ", ".join(shown(setting) for setting in sorted(changed)[:_MOST_SETTINGS])
    more = " …" if len(changed) > _MOST_SETTINGS else ""
    return (
        _(
            "By this it may have another address or login afterwards: {settings}. If it is not found then, enter the"
            " new ones in the settings of this device.",
            settings=settings + more,
        ),
    )


def _change(now: bytes | None, then: bytes | None) -> FileChange:
    if now == then:
        return FileChange.UNCHANGED
    return FileChange.ADDED if now is None else FileChange.CHANGED
