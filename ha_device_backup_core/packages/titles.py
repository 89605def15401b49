"""What people call a handler package: by what it knows, not by the name of its distribution."""

from collections.abc import Mapping

from packaging.utils import canonicalize_name

from ..plugins.registry import HandlerRegistry
from ..text import Text, joined
from .requirement import PackageError, PackageVersion


class PackageTitles:
    """The titles of the packages that are installed or known."""

    def __init__(self, registry: HandlerRegistry, known: Mapping[str, Text]) -> None:
        """Take what says how packages are called: what is installed, and names of packages that may not be."""
        self._names: dict[str, Text] = {}
        of_package: dict[str, list[Text]] = {}
        for registered in registry.handlers.values():
            of_package.setdefault(str(canonicalize_name(registered.distribution)), []).append(registered.spec.name)
        for package, names in of_package.items():
            self._names[package] = joined(names, ", ")
        self._names |= known

    def __call__(self, package: str, version: str = "") -> Text:
        """Return the title of a package, with its version; its own name where nobody knows another one."""
        name = self._names.get(str(canonicalize_name(package)), package)
        if not version:
            return name
        return joined((name, version), " ")

    def within(self, error: PackageError, package: PackageVersion) -> PackageError:
        """Return the same error with the package called as people call it."""
        called = {str(package): self(package.name, package.version), package.name: self(package.name)}
        values = {
            name: called.get(value, value) if isinstance(value, str) else value for name, value in error.values.items()
        }
        return PackageError(error.reason, **values)
