"""Whether the core that runs is the one that is needed: packages of other integrations may bring another one."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CORE = "ha-device-backup-core"


def core_faults(
    *, running: str, installed: str, integration: Iterable[str], packages: Mapping[str, Iterable[str]]
) -> list[tuple[str, dict[str, str]]]:
    """Return what is wrong, as the ends of phrases' keys with what they fill in; pure.

    `integration` and `packages` (by name and version) are requirements, of the core among others.
    """
    faults: list[tuple[str, dict[str, str]]] = []
    if installed != running:
        faults.append(("replaced", {"running": running, "installed": installed}))
    faults.extend(
        ("integration", {"running": running, "needs": str(needed)}) for needed in _unmet(integration, running)
    )
    faults.extend(
        ("package", {"running": running, "needs": str(needed), "package": package})
        for package, requirements in sorted(packages.items())
        for needed in _unmet(requirements, running)
    )
    return faults


def installed_core() -> str:
    """Return the version of the core on disk; blocking."""
    return distribution(CORE).version


def requirements_of(names: Iterable[str]) -> dict[str, list[str]]:
    """Return what distributions require, by name and version; blocking."""
    found: dict[str, list[str]] = {}
    for name in names:
        with suppress(PackageNotFoundError):
            metadata = distribution(name).metadata  # each access parses it
            found[f"{metadata['Name']} {metadata['Version']}"] = metadata.get_all("Requires-Dist") or []
    return found


def _unmet(requirements: Iterable[str], running: str) -> Iterator[Requirement]:
    for line in requirements:
        # A number of thousands of digits is a ValueError too.
        with suppress(ValueError):
            requirement = Requirement(line)
            is_core = canonicalize_name(requirement.name) == CORE and requirement.marker is None
            if is_core and not requirement.specifier.contains(running, prereleases=True):
                yield requirement
