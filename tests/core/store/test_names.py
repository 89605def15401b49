"""The names in the store."""

from datetime import UTC, datetime, timedelta, timezone

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store.names import (
    BackupNames,
    FolderNames,
    artifact_name,
    id_order,
    next_id,
    sort_names,
    time_of,
)

AT = datetime(2025, 1, 15, 10, 30, tzinfo=UTC)
TIMES = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("unique_id", "folder"),
    [
        ("a1b2c3d4e5f6", "wled-a1b2c3d4e5f6"),
        ("living-room", "wled-living-room"),
        ("a" * 40, "wled-" + "a" * 40),
        ("A1B2C3D4E5F6", "wled-a1b2c3d4e5f6-8ec2ba71"),
        ("a1:b2", "wled-a1-b2-a5ec0707"),
        ("../../etc/passwd", "wled-etc-passwd-3754d6cb"),
        ("backups", "wled-backups"),
        ("", "wled-"),
        ("Küche", "wled-k-che-a9ec872e"),
        ("é", "wled--4a99557e"),
    ],
)
def test_folder_of_a_device(unique_id: str, folder: str) -> None:
    assert DeviceKey("wled", unique_id).folder == folder


@given(st.text(), st.text())
def test_folders_are_names_and_differ(one: str, other: str) -> None:
    folder = DeviceKey("wled", one).folder
    assert set(folder) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(folder) <= len("wled-") + 40 + 9
    assert folder.casefold() == folder != "backups"
    assert (folder == DeviceKey("wled", other).folder) is (one == other)


@pytest.mark.parametrize(
    ("filename", "extension"),
    [
        ("backup.zip", "zip"),
        ("cfg.JSON", "json"),
        ("fritz.box.export", "export"),
        ("archive.tar.gz", "gz"),
        ("no extension", "bin"),
        (".hidden", "bin"),
        ("strange.e x", "bin"),
        ("long.extension", "bin"),
        ("umlaut.äö", "bin"),
        ("ends.", "bin"),
    ],
)
def test_extension(filename: str, extension: str) -> None:
    assert artifact_name("2025-01-15_10-30-00", filename) == f"backup_2025-01-15_10-30-00.{extension}"


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, "2025-01-15_10-30-00"),
        ("2025-01-15_10-29-59", "2025-01-15_10-30-00"),
        ("2025-01-15_10-29-59_7", "2025-01-15_10-30-00"),
        ("2025-01-15_10-30-00", "2025-01-15_10-30-00_2"),
        ("2025-01-15_10-30-00_2", "2025-01-15_10-30-00_3"),
        ("2025-01-15_10-30-00_9", "2025-01-15_10-30-00_10"),
        ("2031-05-05_05-05-05", "2031-05-05_05-05-05_2"),
    ],
)
def test_next_id(newest: str | None, expected: str) -> None:
    assert next_id(AT, newest) == expected


def test_an_id_names_utc() -> None:
    assert next_id(AT.astimezone(timezone(timedelta(hours=5, minutes=30))), None) == "2025-01-15_10-30-00"
    assert time_of("2025-01-15_10-30-00_4") == AT


@given(st.lists(TIMES, min_size=2, max_size=30))
def test_ids_always_grow(times: list[datetime]) -> None:
    ids: list[str] = []
    for at in times:
        ids.append(next_id(at, ids[-1] if ids else None))
    assert sorted(set(ids), key=id_order) == ids


def test_what_is_no_id() -> None:
    with pytest.raises(ValueError, match="is no id of a backup"):
        id_order("../2025-01-15_10-30-00")


def test_names_are_told_apart() -> None:
    names = sort_names(
        [
            "device.json",
            "backup_2025-01-15_10-30-00_10.zip",
            "backup_2025-01-15_10-30-00_10.zip.meta.json",
            "backup_2025-01-15_10-30-00_9.zip.meta.json",
            "backup_2025-01-15_10-30-00_9.zip",
            "backup_2025-01-15_10-30-00.json",
            "backup_2025-01-15_10-30-00.json.meta.json",
            "backup_2025-01-14_10-30-00.zip.meta.json",
            "backup_2025-01-16_10-30-00.zip",
            ".backup_2025-01-17_10-30-00.zip.tmp",
            ".device.json.tmp",
            "notes of the owner.txt",
            "backup_of_mine.zip",
            "backup_2025-01-15_10-30-00.ZIP.old",
        ]
    )
    assert names == FolderNames(
        backups=BackupNames(
            (
                "backup_2025-01-15_10-30-00_10.zip",
                "backup_2025-01-15_10-30-00_9.zip",
                "backup_2025-01-15_10-30-00.json",
            )
        ),
        without_artifact=BackupNames(("backup_2025-01-14_10-30-00.zip",)),
        leftovers=(
            ".backup_2025-01-17_10-30-00.zip.tmp",
            ".device.json.tmp",
            "backup_2025-01-16_10-30-00.zip",
        ),
        newest_id="2025-01-16_10-30-00",
    )
    assert [files.id for files in names.with_meta()] == [
        "2025-01-15_10-30-00_10",
        "2025-01-15_10-30-00_9",
        "2025-01-15_10-30-00",
        "2025-01-14_10-30-00",
    ]
    for files in names.with_meta():
        assert names.find(files.id) == files
        assert (files in names.backups) is (files.id != "2025-01-14_10-30-00")
    assert names.backups[1:] == BackupNames(names.backups.artifacts[1:])
    for unknown in ("2025-01-15", "2025-01-15_10-30-00_1", "2025-01-16_10-30-00", ""):
        assert names.find(unknown) is None


STAMPS = ("2026-01-01_00-00-00", "2026-01-01_00-59-59", "2026-01-01_01-00-00", "2025-12-31_23-00-00")


@given(st.lists(st.tuples(st.sampled_from(STAMPS), st.integers(1, 12), st.sampled_from("ab")), unique=True))
def test_backups_are_newest_first_whatever_hours_they_are_of(made: list[tuple[str, int, str]]) -> None:
    artifacts = {
        f"backup_{stamp}{'' if number == 1 else f'_{number}'}.{end}": (stamp, number, end)
        for stamp, number, end in made
    }
    names = sort_names([*artifacts, *(f"{artifact}.meta.json" for artifact in artifacts)])
    ordered = sorted(artifacts, key=artifacts.__getitem__, reverse=True)
    assert [files.artifact for files in names.backups] == ordered
    assert names.newest_id == (names.backups[0].id if made else None)
