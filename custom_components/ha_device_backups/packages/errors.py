"""Why a handler package cannot be had, in words of the translations."""

from typing import TYPE_CHECKING

from ha_device_backup_core import Text

from ..translation import Phrases

if TYPE_CHECKING:
    from .requirement import PackageVersion
    from .titles import Titles


class PackageError(Exception):
    """Something is wrong with a package; nothing else was changed by trying it."""

    def __init__(self, reason: str, **values: Text) -> None:
        """Take the reason, which is the end of a phrase's key, and what the phrase fills in."""
        super().__init__(reason, values)
        self.reason = reason
        self.values = values

    def about(self, package: PackageVersion, titles: Titles) -> "PackageError":
        """Return the same error with the package called as people call it."""
        called = {str(package): titles(package.name, package.version), package.name: titles(package.name)}
        values = {
            name: called.get(value, value) if isinstance(value, str) else value for name, value in self.values.items()
        }
        return PackageError(self.reason, **values)

    def told(self, phrases: Phrases) -> str:
        """Return what happened and what the person can do, as it is for places without Markdown."""
        return phrases(f"package_{self.reason}", **self.values)
