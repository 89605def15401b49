"""Some of the files of a backup, to be put back without the others; pure."""

from collections.abc import Collection, Iterator

from ha_device_backup_core import Artifact, DeviceInfo, RestoreRejectedError
from ha_device_backup_core.toolkit import name_list

from .contents import bundle_of, contents_of
from .entries import PathKind
from .paths import name_of
from .platform import SshPlatform
from .translation import _


def part_of(artifact: Artifact, platform: SshPlatform, names: Collection[str]) -> Artifact:
    """Return the artifact with only these files, and the folders that lead to them."""
    contents = contents_of(artifact, platform)
    by_name = {name_of(entry.path): entry for entry in contents.entries if entry.kind is not PathKind.FOLDER}
    unknown = [name for name in names if name not in by_name]
    if unknown or not names:
        raise RestoreRejectedError(
            _("{unknown} is not in the backup. There is: {names}", unknown=name_list(unknown), names=name_list(by_name))
        )
    chosen = {by_name[name].path for name in names}
    folders = {folder for path in chosen for folder in _folders_to(path)}
    kept = [entry for entry in contents.entries if entry.path in (folders if entry.kind is PathKind.FOLDER else chosen)]
    device = DeviceInfo(unique_id=contents.unique_id, name="", model=contents.model, version=contents.version)
    return bundle_of(platform, device, entries=kept, attributes=artifact.attributes)


def _folders_to(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(2, len(parts)))
