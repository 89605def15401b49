"""Which states of trees nobody needs any more: only what no backup that is still kept names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from .manifest import FORMAT
from .repository import TreeSnapshot

_SNAPSHOT = re.compile(rb'"snapshot": "([0-9a-f]{64})"')
_LARGEST = 1024 * 1024
_BROUGHT_BACK = timedelta(days=180)


def named_snapshots(store: Path) -> frozenset[str]:
    """Return the snapshots that the backups in a store, or in a copy of one, name; blocking."""
    return frozenset(snapshot for content in _manifests(store) for snapshot in _snapshots_in(content))


def needless(
    snapshots: Iterable[TreeSnapshot], named: frozenset[str], *, now: datetime, days: int
) -> tuple[TreeSnapshot, ...]:
    """Return the snapshots that no backup names, older than the days, and not the newest of their tree; pure."""
    newest: dict[str, TreeSnapshot] = {}
    ordered = sorted(snapshots, key=lambda found: found.time)
    for found in ordered:
        newest[found.tree] = found
    limit = (now - timedelta(days=days)).isoformat()
    return tuple(
        found
        for found in ordered
        if found.snapshot_id not in named and found is not newest[found.tree] and found.time < limit
    )


def forgettable(
    states: Iterable[TreeSnapshot], kept: frozenset[str], last_named: Mapping[str, str], *, now: datetime
) -> tuple[TreeSnapshot, ...]:
    """Return the states of one tree that go by themselves; pure.

    Only what is older than the oldest one that the store names: a store that was lost, or that is again as it was long
    ago, lets nothing newer go. And only what no store has named for half a year: so long a Home Assistant backup may
    still bring back a backup that names it.
    """
    ordered = sorted(states, key=lambda found: found.time)
    oldest = next((found.time for found in ordered if found.snapshot_id in kept), "")
    limit = (now - _BROUGHT_BACK).isoformat()
    return tuple(
        found
        for found in ordered[:-1]
        if found.time < min(oldest, limit) and last_named.get(found.snapshot_id, now.isoformat()) < limit
    )


def _manifests(store: Path) -> Iterator[bytes]:
    for path in store.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
            content = path.read_bytes()
            if FORMAT.encode() in content:
                yield content


def _snapshots_in(content: bytes) -> Iterator[str]:
    return (found.decode() for found in _SNAPSHOT.findall(content))
