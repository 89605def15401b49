"""Which backups of a device may be deleted: pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..records import Backup

KEPT_LAST_BEFORE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How much history is kept: what any of the three keeps, stays."""

    newest: int = 20
    """This many of the newest backups."""
    days: int | None = None
    """Everything of this many days; None keeps nothing for its age."""
    monthly: int = 12
    """The last one of each month, for this many months before the present one; 0 keeps none."""

    def __post_init__(self) -> None:
        """Refuse a policy that would keep nothing."""
        if self.newest < 1:
            raise ValueError("at least the newest backup is kept")
        if self.days is not None and self.days < 1:
            raise ValueError("days is at least 1, or None")
        if self.monthly < 0:
            raise ValueError("monthly is at least 0")


def to_delete(
    backups: Sequence[Backup], policy: RetentionPolicy, *, now: datetime, needed: Collection[str] = ()
) -> list[str]:
    """Return the ids of what is beyond the policy, oldest first, of all backups of a device, newest first.

    `needed` are kept whatever the policy says. A time in the future counts as now.
    """
    kept = _kept_by_policy(backups, policy, now) | _kept_always(backups) | set(needed)
    return [backup.id for backup in reversed(backups) if backup.id not in kept]


def beyond(
    backups: Sequence[Backup], policy: RetentionPolicy, now: datetime, needed: Collection[str] = ()
) -> list[str]:
    """Return the ids of what is beyond the policy, oldest first, whether `now` is right or behind what is stored."""
    latest = max((now, *(backup.taken_at for backup in backups)))
    late = set(to_delete(backups, policy, now=latest, needed=needed))
    return [backup_id for backup_id in to_delete(backups, policy, now=now, needed=needed) if backup_id in late]


def _kept_by_policy(backups: Sequence[Backup], policy: RetentionPolicy, now: datetime) -> set[str]:
    kept = {backup.id for backup in backups[: policy.newest]}
    if policy.days is not None:
        kept |= {backup.id for backup in backups if now - backup.taken_at <= timedelta(days=policy.days)}
    if policy.monthly:
        kept |= _last_of_each_month(backups, now, policy.monthly)
    return kept


def _last_of_each_month(backups: Sequence[Backup], now: datetime, months: int) -> set[str]:
    last: dict[int, Backup] = {}
    for backup in backups:
        month = _month(min(backup.taken_at, now))
        held = last.get(month)
        is_better = held is None or (backup.can_be_recommended and not held.can_be_recommended)
        if is_better and _month(now) - month <= months:
            last[month] = backup
    return {backup.id for backup in last.values()}


def _kept_always(backups: Sequence[Backup]) -> set[str]:
    whole = [backup for backup in backups if backup.whole]
    last_before = [backup for backup in backups if backup.last_before is not None]
    return {
        *_ids(backups[:1]),
        *_ids(whole[:1]),
        *_ids([backup for backup in whole if not backup.suspect][:1]),
        *_ids([backup for backup in backups if not backup.suspect][:1]),
        *_ids([backup for backup in backups if backup.undoes is not None][:1]),
        *_ids(last_before[:KEPT_LAST_BEFORE]),
        *_ids(backup for backup in backups if backup.protected or not backup.is_readable),
    }


def _ids(backups: Iterable[Backup]) -> set[str]:
    return {backup.id for backup in backups}


def _month(at: datetime) -> int:
    at = at.astimezone(UTC)
    return at.year * 12 + at.month
