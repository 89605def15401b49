"""What may be deleted, and what never."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ha_device_backup_core.contract import DeviceInfo, Note
from ha_device_backup_core.policies.retention import RetentionPolicy, to_delete
from ha_device_backup_core.records import Backup, DeviceKey, HandlerVersion, StoredArtifact, Trigger

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
KEY = DeviceKey("wled", "a1b2c3d4e5f6")


def backup(
    number: int,
    taken_at: datetime,
    *,
    whole: bool = True,
    protected: bool = False,
    last_before: str | None = None,
    before_restore: datetime | None = None,
    schema: int = 1,
) -> Backup:
    return Backup(
        id=f"2020-01-01_00-00-00_{number + 2}",
        key=KEY,
        path=f"{KEY.folder}/{number}",
        taken_at=taken_at,
        artifact=StoredArtifact(
            filename="a.zip",
            media_type="application/zip",
            size=1,
            sha256="",
            missing=() if whole else (Note(code="x", text="x"),),
        ),
        fingerprint="",
        handler=HandlerVersion(kind="wled", distribution="d", version="1"),
        device=DeviceInfo(unique_id=KEY.unique_id, name="Lamp"),
        trigger=Trigger.SCHEDULE,
        protected=protected,
        last_before=last_before,
        before_restore=before_restore,
        schema=schema,
    )


def daily(days: int) -> list[Backup]:
    """Return one backup a day, the newest first and from today."""
    return [backup(days - age, NOW - timedelta(days=age)) for age in range(days)]


def kept(backups: Sequence[Backup], policy: RetentionPolicy, now: datetime = NOW) -> list[Backup]:
    deleted = to_delete(backups, policy, now=now)
    assert len(set(deleted)) == len(deleted)
    assert set(deleted) <= {backup.id for backup in backups}
    return [backup for backup in backups if backup.id not in deleted]


def test_by_default_the_newest_20_and_the_last_of_each_month_for_a_year() -> None:
    backups = daily(800)
    times = [backup.taken_at.date().isoformat() for backup in kept(backups, RetentionPolicy())]
    assert times == [
        *[(NOW - timedelta(days=age)).date().isoformat() for age in range(20)],
        "2025-04-30",
        "2025-03-31",
        "2025-02-28",
        "2025-01-31",
        "2024-12-31",
        "2024-11-30",
        "2024-10-31",
        "2024-09-30",
        "2024-08-31",
        "2024-07-31",
        "2024-06-30",
    ]


def test_the_oldest_go_first() -> None:
    backups = daily(5)
    assert to_delete(backups, RetentionPolicy(newest=2, monthly=0), now=NOW) == [
        backups[4].id,
        backups[3].id,
        backups[2].id,
    ]


def test_only_what_is_beyond_both_count_and_days_goes() -> None:
    backups = daily(30)
    assert kept(backups, RetentionPolicy(newest=3, days=10, monthly=0)) == backups[:11]
    assert kept(backups, RetentionPolicy(newest=15, days=10, monthly=0)) == backups[:15]


def test_few_backups_stay_however_old() -> None:
    backups = [backup(number, NOW - timedelta(days=4000 - number)) for number in range(20)][::-1]
    assert kept(backups, RetentionPolicy(days=1)) == backups


def test_a_month_keeps_a_whole_backup_rather_than_a_later_incomplete_one() -> None:
    newest = backup(9, NOW)
    incomplete = backup(3, datetime(2025, 3, 31, tzinfo=UTC), whole=False)
    whole = backup(2, datetime(2025, 3, 10, tzinfo=UTC))
    earlier = backup(1, datetime(2025, 3, 5, tzinfo=UTC))
    assert kept([newest, incomplete, whole, earlier], RetentionPolicy(newest=1)) == [newest, whole]


def test_the_recommended_backup_stays_behind_any_number_of_incomplete_ones() -> None:
    whole = backup(0, NOW - timedelta(days=3000))
    older = backup(-1, NOW - timedelta(days=3001))
    incomplete = [backup(number, NOW, whole=False) for number in range(30, 0, -1)]
    assert kept([*incomplete, whole, older], RetentionPolicy(newest=5, monthly=0)) == [*incomplete[:5], whole]


def test_protected_and_foreign_backups_stay() -> None:
    old = NOW - timedelta(days=3000)
    backups = [backup(4, NOW), backup(3, old, protected=True), backup(2, old, schema=2), backup(1, old)]
    assert kept(backups, RetentionPolicy(newest=1, monthly=0)) == backups[:3]


def test_the_newest_3_marked_last_before_stay() -> None:
    old = NOW - timedelta(days=3000)
    marked = [backup(number, old, last_before=f"0.{number}") for number in range(5, 0, -1)]
    newest = backup(9, NOW)
    assert kept([newest, *marked], RetentionPolicy(newest=1, monthly=0)) == [newest, *marked[:3]]


def test_a_time_in_the_future_counts_as_now() -> None:
    future = backup(2, NOW + timedelta(days=5000))
    backups = [backup(9, NOW), future, backup(1, NOW - timedelta(days=4000))]
    assert kept(backups, RetentionPolicy(newest=1, days=7, monthly=0)) == backups[:2]
    assert kept(backups, RetentionPolicy(newest=1, monthly=1)) == [backups[0]]


@pytest.mark.parametrize("wrong", [{"newest": 0}, {"days": 0}, {"monthly": -1}])
def test_a_policy_that_would_keep_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        RetentionPolicy(**wrong)
    assert RetentionPolicy(newest=1, days=1, monthly=0).newest == 1


@st.composite
def histories(draw: st.DrawFn) -> list[Backup]:
    number = draw(st.integers(0, 40))
    return [
        backup(
            index,
            NOW + timedelta(hours=draw(st.integers(-24 * 900, 24 * 30))),
            whole=draw(st.booleans()),
            protected=draw(st.sampled_from([False, False, True])),
            last_before=draw(st.sampled_from([None, None, "0.15"])),
            before_restore=draw(st.sampled_from([None, None, NOW])),
            schema=draw(st.sampled_from([1, 1, 1, 2])),
        )
        for index in range(number, 0, -1)
    ]


POLICIES = st.builds(
    RetentionPolicy,
    newest=st.integers(1, 30),
    days=st.none() | st.integers(1, 400),
    monthly=st.integers(0, 24),
)


@given(histories(), POLICIES)
def test_what_must_never_go_stays(backups: list[Backup], policy: RetentionPolicy) -> None:
    left = kept(backups, policy)
    must = [
        *backups[: policy.newest],
        *[backup for backup in backups if backup.whole][:1],
        *[backup for backup in backups if backup.protected or backup.schema != 1],
        *[backup for backup in backups if backup.last_before][:3],
        *[backup for backup in backups if backup.undoes][:1],
    ]
    if policy.days is not None:
        must += [backup for backup in backups if backup.taken_at > NOW - timedelta(days=policy.days)]
    assert [backup for backup in must if backup not in left] == []


@given(histories(), POLICIES)
def test_deleting_once_is_enough(backups: list[Backup], policy: RetentionPolicy) -> None:
    left = kept(backups, policy)
    assert kept(left, policy) == left


@given(histories(), POLICIES)
def test_the_number_kept_is_bounded(backups: list[Backup], policy: RetentionPolicy) -> None:
    marked = [backup for backup in backups if backup.protected or backup.last_before or backup.undoes]
    free = [backup for backup in backups if backup.is_readable and backup not in marked]
    recent = [b for b in free if policy.days is not None and b.taken_at >= NOW - timedelta(days=policy.days)]
    left = [backup for backup in kept(backups, policy) if backup in free]
    assert len(left) <= policy.newest + len(recent) + (policy.monthly + 1 if policy.monthly else 0) + 1


def test_what_a_restore_that_did_not_end_goes_on_with_is_kept() -> None:
    backups = [backup(number, NOW - timedelta(hours=number)) for number in range(9)]
    only_newest = RetentionPolicy(newest=1, monthly=0)
    kept = {backups[8].id, backups[5].id}
    deleted = to_delete(backups, only_newest, now=NOW, needed=kept)
    assert [one.id for one in backups if one.id not in deleted] == [backups[0].id, backups[5].id, backups[8].id]
