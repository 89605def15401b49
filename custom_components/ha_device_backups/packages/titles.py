"""What people call a handler package: by what it knows, not by the name of its distribution."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback
from packaging.utils import canonicalize_name

from ha_device_backup_core import Text, joined
from ha_device_backup_core.host import HandlerRegistry

from .catalogue import CatalogueEntry, loaded_catalogue


class Titles:
    """The titles of the packages that are installed or known."""

    def __init__(self, registry: HandlerRegistry, catalogue: Iterable[CatalogueEntry]) -> None:
        """Take what says how packages are called."""
        self._names: dict[str, Text] = {}
        brought: dict[str, list[Text]] = {}
        for registered in registry.handlers.values():
            brought.setdefault(str(canonicalize_name(registered.distribution)), []).append(registered.spec.name)
        for package, names in brought.items():
            self._names[package] = joined(names, ", ")
        for entry in catalogue:
            self._names[entry.package.name] = entry.name

    def __call__(self, package: str, version: str = "") -> Text:
        """Return the title of a package, with its version; its own name where nobody knows another one."""
        name = self._names.get(str(canonicalize_name(package)), package)
        if not version:
            return name
        return joined((name, version), " ")


@callback
def async_titles(hass: HomeAssistant, registry: HandlerRegistry) -> Titles:
    """Return the titles as far as they are known now."""
    return Titles(registry, loaded_catalogue(hass))
