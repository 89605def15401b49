"""What a person may ask for: one package in one version, and nothing else; pure."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from ..text import Text

_LONGEST = 200
_FORM = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*==\s*([A-Za-z0-9.!+_-]+)\s*")


class PackageError(Exception):
    """Something is wrong with a package; nothing else was changed by trying it."""

    def __init__(self, reason: str, **values: Text) -> None:
        """Take the reason, which hosts have a sentence for, and what that fills in."""
        super().__init__(reason, values)
        self.reason = reason
        self.values = values

    def sentence(self, phrases: Callable[..., str]) -> str:
        """Return what happened and what a person can do, by the sentences of the host."""
        return phrases(f"package_{self.reason}", **self.values)


@dataclass(frozen=True, slots=True, order=True)
class PackageVersion:
    """A package in one version."""

    name: str
    version: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `name==version` says; raises PackageError for anything else, addresses and options included."""
        match = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
        with suppress(InvalidVersion):
            if match is not None:
                return cls(str(canonicalize_name(match[1])), str(Version(match[2])))
        raise PackageError("unreadable", text=text.strip()[:80])

    @property
    def requirement(self) -> str:
        """Return it as an installer takes it."""
        return f"{self.name}=={self.version}"

    def __str__(self) -> str:
        """Return it as people read it."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRecord:
    """A package that a person installed, and the kinds that it brings."""

    package: PackageVersion
    kinds: tuple[str, ...]
