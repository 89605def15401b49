"""What people call a kind of device."""

from ha_device_backup_core import in_language
from ha_device_backup_core.host import HandlerRegistry, RegisteredHandler


def kind_name(registry: HandlerRegistry, kind: str, language: str) -> str:
    """Return the name of a kind with who makes such devices; its id where nothing is installed that knows it."""
    registered = registry.handlers.get(kind)
    return kind if registered is None else handler_name(registered, language)


def handler_name(registered: RegisteredHandler, language: str) -> str:
    """Return what people call the devices of a handler, with who makes them."""
    name, maker = in_language(registered.spec.name, language), registered.spec.manufacturer
    return name if maker.casefold() in name.casefold() else f"{name} ({maker})"
