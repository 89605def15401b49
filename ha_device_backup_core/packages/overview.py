"""What handler packages there are, where they come from and what is wrong with them; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from packaging.utils import canonicalize_name

from ..plugins.registry import HandlerRegistry
from ..text import Text
from .requirement import PackageRecord
from .titles import PackageTitles


class PackageOrigin(StrEnum):
    """Who saw to it that a package is there."""

    PERSON = "person"
    """It is on the list: somebody installed it from the UI."""
    INTEGRATION = "integration"
    """It comes with this integration."""
    ELSEWHERE = "elsewhere"
    """Another integration asks for it, or somebody installed it by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOverview:
    """A handler package as people see it."""

    name: str
    title: Text
    """As people call it, without a version."""
    version: str
    installed_version: str
    """Another one than `version` until the next start."""
    kinds: tuple[str, ...]
    origin: PackageOrigin
    problems: tuple[Text, ...]

    @property
    def waits_for_restart(self) -> bool:
        """Return whether an update runs only from the next start on."""
        return self.installed_version != self.version


def packages_overview(
    registry: HandlerRegistry,
    records: Iterable[PackageRecord],
    absent: Mapping[str, str],
    bundled: Iterable[str],
    titles: PackageTitles,
) -> list[PackageOverview]:
    """Return all packages by name; `absent` tells why one of the list is not there."""
    listed = {record.package.name: record for record in records}
    ours = set(bundled)
    found: dict[str, PackageOverview] = {}
    for plugin in registry.plugins:
        name = str(canonicalize_name(plugin.distribution))
        problems = [problem.message for problem in registry.problems if problem.distribution == plugin.distribution]
        earlier = found[name].kinds if name in found else ()
        found[name] = PackageOverview(
            name=name,
            title=titles(name),
            version=plugin.version,
            installed_version=plugin.installed_version,
            kinds=tuple(sorted({*earlier, *plugin.kinds})),
            origin=PackageOrigin.PERSON
            if name in listed
            else PackageOrigin.INTEGRATION
            if name in ours
            else PackageOrigin.ELSEWHERE,
            problems=tuple(problems),
        )
    for name in listed.keys() - found.keys():
        record = listed[name]
        found[name] = PackageOverview(
            name=name,
            title=titles(name),
            version=record.package.version,
            installed_version=record.package.version,
            kinds=record.kinds,
            origin=PackageOrigin.PERSON,
            problems=(absent[name],) if name in absent else (),
        )
    return [found[name] for name in sorted(found)]
