"""Homes with stores of backups, and the backups that Home Assistant makes of them, by its own library."""

import asyncio
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from securetar import SecureTarArchive, atomic_contents_add

from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore

from ..store.helpers import START, Clock, commit

PASSWORD = "c4nary of the snapshot"
STAIRS = DeviceKey("example", "a1")
LAMP = DeviceKey("wled", "a1b2c3d4e5f6")
STORE = ".storage/ha_device_backups"


async def fill(root: Path, contents: Mapping[DeviceKey, list[bytes]]) -> None:
    """Make a store with these backups, one an hour of each device."""
    clock = Clock()
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    for key, backups in contents.items():
        clock.now = START
        for content in backups:
            await commit(store, content, key=key, filename="config.json", taken_at=clock.advance(hours=1))
    await store.close()


def home(folder: Path, contents: Mapping[DeviceKey, list[bytes]] | None = None, *, at: str = STORE) -> Path:
    """Make a configuration folder with a store, and what else lies there."""
    (folder / ".storage").mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text("default_config:\n")
    (folder / "www/node-red").mkdir(parents=True, exist_ok=True)
    (folder / "www/node-red/device.json").write_text("{}")
    (folder / ".storage/core.config").write_text("{}")
    contents = {STAIRS: [b'{"name": "a"}', b'{"name": "b"}'], LAMP: [b"lamp"]} if contents is None else contents
    asyncio.run(fill(folder / at, contents))
    return folder


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a backup of Home Assistant is made."""

    version: int = 0
    """Of the encryption; 0 for none."""
    gzip: bool = True
    info_first: bool = True
    prefix: str = ""
    """Of the names of all members."""
    padding: int = 0
    """Zeros behind the end, as of what was encrypted on the way."""
    inner_prefix: str = "data"


@dataclass(kw_only=True)
class Making:
    """A backup of Home Assistant that is being made."""

    archive: SecureTarArchive
    layout: Layout

    def add(self, name: str, folder: Path, prefix: str) -> None:
        """Add a folder as an archive of its own."""
        ending = ".tar.gz" if self.layout.gzip else ".tar"
        with self.archive.create_tar(f"{name}{ending}", gzip=self.layout.gzip) as inner:
            atomic_contents_add(inner, folder, lambda _: False, prefix)

    def info(self) -> None:
        """Add what tells about it."""
        document = {
            "slug": "0123abcd",
            "name": "Automatic backup",
            "date": "2026-11-28T04:45:00+00:00",
            "type": "partial",
            "version": 2,
            "protected": bool(self.layout.version),
            "compressed": self.layout.gzip,
            "homeassistant": {"version": "2026.11.0", "exclude_database": True},
        }
        content = json.dumps(document).encode()
        member = tarfile.TarInfo("./backup.json")
        member.size = len(content)
        self.archive.tar.addfile(member, io.BytesIO(content))


@contextmanager
def making(target: Path, layout: Layout) -> Iterator[Making]:
    """Make a backup of Home Assistant."""
    password = PASSWORD if layout.version else None
    version = layout.version or None
    with SecureTarArchive(target, "w", create_version=version, password=password) as archive:
        made = Making(archive=archive, layout=layout)
        if layout.info_first:
            made.info()
        yield made
        if not layout.info_first:
            made.info()
    with target.open("ab") as file:
        file.write(bytes(layout.padding))


def snapshot(
    target: Path,
    config: Path | None,
    layout: Layout | None = None,
    *,
    share: Path | None = None,
    share_first: bool = False,
) -> Path:
    """Return the backup that Home Assistant makes of a configuration folder and of a share."""
    layout = layout or Layout()
    with making(target, layout) as made:
        if share is not None and share_first:
            made.add("share", share, ".")
        if config is not None:
            made.add("homeassistant", config, layout.inner_prefix)
        if share is not None and not share_first:
            made.add("share", share, ".")
    if layout.prefix:
        with_prefix(target, layout)
    return target


def with_prefix(target: Path, layout: Layout) -> None:
    """Give all members another name, as older versions of Supervisor did."""
    members = []
    with tarfile.open(target) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            members.append((member.name.removeprefix("./"), file.read()))
    with target.open("wb") as file:
        plain_tar(file, {f"{layout.prefix}{name}": content for name, content in members})
        file.write(bytes(layout.padding))


def plain_tar(target: Path | BinaryIO, files: Mapping[str, bytes], mode: str = "w") -> None:
    """Write a tar file."""
    options = {"name": target} if isinstance(target, Path) else {"fileobj": target}
    with tarfile.open(mode=mode, **options) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
