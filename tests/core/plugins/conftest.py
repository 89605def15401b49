"""What the tests of packages have in common."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.registry import HandlerRegistry

from ..distributions import SitePackages, handler_source, in_english

AUTHOR = "Update it, or report this to its author."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SitePackages]:
    packages = SitePackages(tmp_path)
    packages.install("good-plugin", handler_source("good"), version="2.0")
    yield packages
    packages.forget()


def problem(kind: ProblemKind, message: str, *, handler_kind: str | None = "bad_plugin") -> Problem:
    return Problem(kind=kind, distribution="bad-plugin", version="1.0", message=message, handler_kind=handler_kind)


def outcome(registry: HandlerRegistry) -> tuple[list[str], tuple[Problem, ...]]:
    return list(registry.handlers), tuple(map(in_english, registry.problems))
