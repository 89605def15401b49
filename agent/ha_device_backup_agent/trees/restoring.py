"""Puts a tree back: out of the repository into a folder here, looked at, sent, and compared by content."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ha_device_backup_core import (
    DeviceBackupError,
    FileChange,
    PlannedFile,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreReport,
    Text,
)
from ha_device_backup_core.toolkit import files_of_reach, name_list, uncertain

from ..translation import _
from .manifest import Manifest
from .places import TreePlaces
from .repository import TREE
from .rsync import Difference, Rsync, total_size
from .transferred import sent, shown_as, taken_out

_MOST_LISTED = 500
_MOST_NAMED = 5
_STAGED_SHARE, _SENT_SHARE = 0.4, 0.9


class TreeRestore:
    """One restore of a tree."""

    def __init__(self, rsync: Rsync, places: TreePlaces, tree: str) -> None:
        """Take how the device is reached, and which of its trees it is; nothing is done yet."""
        self._rsync = rsync
        self._places = places
        self._tree = tree

    async def plan(self, manifest: Manifest) -> RestorePlan:
        """Return what would change on the device, which nothing does yet."""
        staged = await self._staged(manifest, lambda _done, _total: None)
        return plan_of_differences(manifest.folder, await self._rsync.differences(staged))

    async def restore(self, manifest: Manifest, progress: Progress) -> RestoreReport:
        """Put the tree back; raises RestoreNotVerifiedError for whatever goes wrong once something was sent."""
        staged = await self._staged(manifest, shown_as(progress, taken_out, end=_STAGED_SHARE))
        wanted = _relevant(await self._rsync.differences(staged))
        send = shown_as(progress, sent, begin=_STAGED_SHARE, end=_SENT_SHARE)
        total = total_size(wanted)
        try:
            ended = await self._rsync.push(staged, lambda count: send(count, total))
            progress(_SENT_SHARE, _("What was put back is compared."))
            left = _relevant(await self._rsync.differences(staged, by_content=True))
        except DeviceBackupError as error:
            raise uncertain(error.detail or error.happened) from error
        wrong = [difference for difference in left if not difference.is_owner_alone]
        if wrong:
            raise RestoreNotVerifiedError(
                _(
                    "{count} files are not as they were, such as {names}. {line}",
                    count=len(wrong),
                    names=_names(wrong),
                    line=ended.last_line,
                )
            )
        await self._places.clear_staging(self._tree)
        return _report(manifest, wanted, left)

    async def _staged(self, manifest: Manifest, on_bytes: Callable[[int, int], None]) -> Path:
        """Return where the tree is, which is taken out of the repository unless the plan did that already."""
        staging = await asyncio.to_thread(self._places.staging, self._tree)
        mark, files = staging / "snapshot", staging / "files"
        if await asyncio.to_thread(_read, mark) == manifest.snapshot:
            return files / TREE
        await asyncio.to_thread(mark.unlink, missing_ok=True)
        found = await self._places.repository.restore(manifest.snapshot, files, on_bytes)
        await asyncio.to_thread(mark.write_text, manifest.snapshot)
        return found


def plan_of_differences(folder: str, differences: Iterable[Difference]) -> RestorePlan:
    """Return the plan for what differs; pure."""
    relevant = _relevant(differences)
    if not relevant:
        return RestorePlan(files=(PlannedFile(name=folder, change=FileChange.UNCHANGED),))
    needs: list[Text] = [_("What is on the device and not in the backup stays there.")]
    if len(relevant) > _MOST_LISTED:
        needs.append(
            _("{count} files would be added or changed; {listed} are listed.", count=len(relevant), listed=_MOST_LISTED)
        )
    return RestorePlan(
        files=tuple(map(_planned, relevant[:_MOST_LISTED])), needs=tuple(needs), risks=tuple(_risks(folder, relevant))
    )


def _risks(folder: str, differences: Iterable[Difference]) -> Iterator[Text]:
    """Yield which files, by their places on the device, may change the way by which it is reached."""
    if reach := files_of_reach(f"{folder.rstrip('/')}/{difference.name}" for difference in differences):
        yield _(
            "These say how it is in its network and who gets in; it may be found elsewhere afterwards, or not let you"
            " in: {names}",
            names=name_list(reach),
        )


def _planned(difference: Difference) -> PlannedFile:
    if difference.is_new:
        return PlannedFile(name=difference.name, change=FileChange.ADDED)
    details: tuple[Text, ...] = (
        *((_("Content"),) if difference.content else ()),
        *((_("Time"),) if difference.time else ()),
        *((_("Rights"),) if difference.rights else ()),
        *((_("Owner"),) if difference.owner else ()),
    )
    return PlannedFile(name=difference.name, change=FileChange.CHANGED, details=details)


def _relevant(differences: Iterable[Difference]) -> list[Difference]:
    """Return what a person would call a difference: not that of a folder only the time is another."""
    return [found for found in differences if not found.is_folder or found.is_new or found.rights or found.owner]


def _report(manifest: Manifest, wanted: Sequence[Difference], left: Sequence[Difference]) -> RestoreReport:
    facts = manifest.facts
    proven = _(
        "{count} files were put back; all {files} of {folder} have the content that they had.",
        count=sum(not difference.is_folder for difference in wanted),
        files=facts.files,
        folder=manifest.folder,
    )
    if not left:
        return RestoreReport(proven=(proven,))
    owners = _(
        "{count} files belong to somebody else than before, such as {names}: only root can change that.",
        count=len(left),
        names=_names(left),
    )
    return RestoreReport(proven=(proven,), unproven=(owners,))


def _names(differences: Sequence[Difference]) -> str:
    return ", ".join(difference.name for difference in differences[:_MOST_NAMED])


def _read(mark: Path) -> str:
    try:
        return mark.read_text()
    except OSError:
        return ""
