"""What a person may ask for: one package in one version, and nothing else; pure."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .errors import PackageError

_LONGEST = 200
_FORM = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*==\s*([A-Za-z0-9.!+_-]+)\s*")


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
