"""The demo's verdict: only the very same bytes count."""

from scripts.live.comparison import ArchiveComparison, compare
from scripts.live.stored import newest_backups

FOLDER = "wled-a0b1c2d3e4f5"
DEVICE = b'{"title": "Shelf", "kind": "wled", "unique_id": "a0b1c2d3e4f5"}'
STORE = {
    f"{FOLDER}/device.json": DEVICE,
    f"{FOLDER}/backup_2026-11-23_10-00-00.zip": b"first",
    f"{FOLDER}/backup_2026-11-23_10-00-00.zip.meta.json": b"{}",
    f"{FOLDER}/backup_2026-11-23_10-00-00_2.zip": b"second",
    f"{FOLDER}/backup_2026-11-23_10-00-00_2.zip.meta.json": b"{}",
    f"{FOLDER}/backup_2026-11-23_10-00-00_10.zip": b"tenth",
    f"{FOLDER}/backup_2026-11-23_10-00-00_10.zip.meta.json": b"{}",
    f"{FOLDER}/backup_2026-11-23_11-00-00.zip": b"never committed",
}
NEWEST = f"{FOLDER}/backup_2026-11-23_10-00-00_10.zip"


def test_newest_is_the_last_committed() -> None:
    (backup,) = newest_backups(STORE)

    assert (backup.title, backup.path, backup.size) == ("Shelf", NEWEST, len(b"tenth"))


def test_same_bytes_are_equal() -> None:
    (backup,) = newest_backups(STORE)

    (comparison,) = compare([backup], STORE)

    assert comparison == ArchiveComparison(backup=backup, archived_sha256=backup.sha256)
    assert comparison.equal


def test_other_bytes_and_missing_ones_are_not() -> None:
    backups = newest_backups(STORE)

    (other,) = compare(backups, {**STORE, NEWEST: b"tenty"})
    (missing,) = compare(backups, {name: content for name, content in STORE.items() if name != NEWEST})

    assert not other.equal
    assert missing.archived_sha256 is None
    assert not missing.equal
