"""Whose handler serves a kind of device where several packages bring one; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .entry_points import normal_name

FILE = "file:"
"""Begins the name of an owner that is no distribution but a file of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """What is known of kinds before any package is asked; names of distributions are normal ones."""

    owners: Mapping[str, str] = field(default_factory=dict)
    """Kind to the distribution, or the file, that had it last."""
    expected: Collection[str] = ()
    """Distributions that are to be here, even if they are missing at present: what they had stays theirs."""
    own: Collection[str] = ()
    """Distributions that the host itself asks for."""

    def owner(self, kind: str, claimants: Collection[str], silent: Collection[str]) -> str:
        """Return the distribution, or the file, that has the kind.

        What had it keeps it; else comes what the host brings, what is named after the kind, and the first by name:
        of files only where no distribution brings the kind.
        `silent` are distributions that are installed and cannot say at present what they bring: that one of them is
        broken gives nobody else what it had.
        """
        possible = {*claimants, *silent, *self.expected}
        if (before := self.owners.get(kind)) in possible:
            return str(before)
        if brought := sorted(set(claimants) & set(self.own)):
            return brought[0]
        named = normal_name(f"ha-device-backup-{kind}")
        return named if named in {*claimants, *silent} else min(claimants, key=_packages_first)


def _packages_first(claimant: str) -> tuple[bool, str]:
    return claimant.startswith(FILE), claimant
