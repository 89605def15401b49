"""What people call a kind of device."""

from ha_device_backup_core import Text, in_language
from ha_device_backup_core.host import HandlerRegistry, RegisteredHandler


def kind_name(registry: HandlerRegistry, kind: str, language: str) -> str:
    """Return the name of a kind with who makes such devices; its id where nothing is installed that knows it."""
    registered = registry.handlers.get(kind)
    return kind if registered is None else handler_name(registered, language)


def handler_name(registered: RegisteredHandler, language: str) -> str:
    """Return what people call the devices of a handler, with who makes them."""
    return name_with_maker(registered.spec.name, registered.spec.manufacturer, language)


def name_with_maker(name: Text, maker: str, language: str) -> str:
    """Return the name of a kind with who makes such devices, unless the name says it."""
    said = in_language(name, language)
    return said if maker.casefold() in said.casefold() else f"{said} ({maker})"
