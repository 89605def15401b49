"""What can happen to a simulated controller while somebody tries the product: switched off, on again, or reset."""

from collections.abc import Awaitable, Callable, Iterable

from .controllers import Controller
from .household import SimulatedDevice

HELP = "Type, and press Enter: `reset NAME`, `off NAME` or `on NAME`, where NAME is one of {names}."


class BadDays:
    """Does to the controllers of a household what somebody types."""

    def __init__(self, devices: Iterable[SimulatedDevice]) -> None:
        """Know the controllers; other devices have no bad days."""
        self._controllers = {device.name.casefold(): device for device in devices if isinstance(device, Controller)}

    @property
    def help(self) -> str:
        """Return what can be typed."""
        return HELP.format(names=", ".join(sorted(device.name for device in self._controllers.values())))

    async def do(self, line: str) -> str:
        """Do what a line says, and return what came of it, or what can be typed."""
        command, _, name = line.strip().partition(" ")
        controller = self._controllers.get(name.strip().casefold())
        action = _ACTIONS.get(command.casefold())
        if controller is None or action is None:
            return self.help
        return f"{controller.name} {await action(controller)}"


async def _reset(controller: Controller) -> str:
    controller.wipe()
    return "was reset to its factory settings. Press “Back up now”, or wait for its schedule, and see what is told."


async def _off(controller: Controller) -> str:
    await controller.wled.stop()
    return "is off."


async def _on(controller: Controller) -> str:
    await controller.wled.start()
    return "is on."


_ACTIONS: dict[str, Callable[[Controller], Awaitable[str]]] = {"reset": _reset, "off": _off, "on": _on}
