"""What may be forgotten: nothing that a backup names, nothing young, and never the newest of a tree."""

from datetime import UTC, datetime

from ha_device_backup_agent.trees.kept import needless
from ha_device_backup_agent.trees.repository import TreeSnapshot

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def state(name: str, tree: str, time: str) -> TreeSnapshot:
    return TreeSnapshot(snapshot_id=name, tree=tree, digest="d", time=time)


def test_what_goes() -> None:
    states = [
        state("newest", "attic", "2026-01-04T00:00:00Z"),
        state("named", "attic", "2026-01-01T00:00:00Z"),
        state("goes", "attic", "2026-01-02T00:00:00Z"),
        state("alone", "cellar", "2025-01-01T00:00:00Z"),
        state("newer", "loft", "2026-05-31T00:00:00Z"),
        state("young", "loft", "2026-05-30T00:00:00Z"),
    ]
    assert [found.snapshot_id for found in needless(states, frozenset({"named"}), now=NOW, days=90)] == ["goes"]
