"""What may be forgotten: nothing that a backup names, nothing young, and never the newest of a tree."""

from datetime import UTC, datetime

from ha_device_backup_agent.trees.kept import forgettable, needless
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


LONG_AGO = "2025-01-01T00:00:00+00:00"
STATES = [
    state("first", "attic", "2025-01-01T00:00:00Z"),
    state("second", "attic", "2025-02-01T00:00:00Z"),
    state("third", "attic", "2025-03-01T00:00:00Z"),
    state("fourth", "attic", "2025-04-01T00:00:00Z"),
]


def going(kept: set[str], **named: str) -> list[str]:
    last_named = dict.fromkeys(("first", "second", "third", "fourth"), LONG_AGO) | named
    return [found.snapshot_id for found in forgettable(STATES, frozenset(kept), last_named, now=NOW)]


def test_what_goes_by_itself() -> None:
    assert going({"third", "fourth"}) == ["first", "second"]
    assert going({"third", "fourth"}, first="2026-05-01T00:00:00+00:00") == ["second"]
    assert going({"second", "fourth"}) == ["first"]


def test_a_store_that_was_lost_or_brought_back_lets_nothing_newer_go() -> None:
    assert going(set()) == []
    assert going({"of another repository"}) == []
    assert going({"first"}) == []


def test_what_nobody_told_of_yet_stays() -> None:
    assert forgettable(STATES, frozenset({"fourth"}), {}, now=NOW) == ()
