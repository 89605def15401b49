"""Simulated WLED controllers, as the demo, the end-to-end tests and the benchmarks need them."""

import contextlib
import json
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from tests.simulators.wled import Chip, SimulatedWled

# Made by the controller itself while it runs; no backup puts them back.
OWN_FILES = frozenset({"bkp.cfg.json", "rst.cfg.json", "tmp.json"})


@dataclass(frozen=True, slots=True)
class Model:
    """What a controller is."""

    name: str
    version: str
    chip: Chip
    pin: str = field(default="", repr=False)


HOUSEHOLD = (
    Model("Bookshelf", "0.15.5", Chip.ESP32),
    Model("Kitchen", "0.14.4", Chip.ESP8266),
    Model("Garden fence", "16.0.0", Chip.ESP32_S3),
    Model("Attic", "0.13.3", Chip.ESP8266),
)


class Controller:
    """A simulated controller, and what a test does to it."""

    kind = "wled"
    certificate = ""

    def __init__(self, model: Model, wled: SimulatedWled) -> None:
        """Keep both."""
        self.name = model.name
        self.version = model.version
        self.wled = wled
        self._pin = model.pin
        self._changes = 0

    @property
    def mac(self) -> str:
        """Return its identity."""
        return self.wled.device.mac

    @property
    def settings(self) -> dict[str, str | int]:
        """Return the configuration by the keys of the handler's fields."""
        return {"host": self.wled.host, "port": self.wled.port, **({"pin": self._pin} if self._pin else {})}

    @property
    def to_enter(self) -> dict[str, str | int]:
        """Return what a person enters, by what the form calls it."""
        return {"Host": self.wled.host, "Port": self.wled.port, **({"Settings PIN": self._pin} if self._pin else {})}

    @property
    def answers(self) -> dict[str, str | int]:
        """Return the same by the names in Home Assistant's forms, where the PIN has the first numbered slot."""
        return {"option_1" if key == "pin" else key: value for key, value in self.settings.items()}

    def files(self) -> dict[str, bytes]:
        """Return the files a person made, the configuration included."""
        return {name: content for name, content in self.wled.device.user_files.items() if name not in OWN_FILES}

    def change(self) -> None:
        """Change a preset, as a person does in the controller's own interface."""
        self._changes += 1
        files = self.wled.device.files
        presets = json.loads(files.files["/presets.json"])
        presets["1"] = {**presets.get("1", {}), "n": f"Change {self._changes}"}
        files.write("/presets.json", json.dumps(presets, separators=(",", ":")).encode())
        self.wled.device.presets_modified += 1

    def forget_attempts(self) -> None:
        """Let the seconds pass in which a PIN is ignored after a wrong one."""
        self.wled.device.pin_cooldown = 0.0

    async def take_the_place_of(self, other: "Controller") -> None:
        """Answer at the address of another one, which is gone."""
        await other.wled.stop()
        await self.wled.stop()
        self.wled.port = other.wled.port
        await self.wled.start()

    def wipe(self) -> None:
        """Reset it to factory defaults."""
        self.wled.device.wipe()


def _models(count: int) -> Sequence[Model]:
    first = HOUSEHOLD[0]
    return [Model(f"Strip {number:03}", first.version, first.chip) for number in range(1, count + 1)]


@contextlib.asynccontextmanager
async def simulated_controllers(
    models: int | Sequence[Model] = HOUSEHOLD, *, delay: float = 0.0
) -> AsyncIterator[list[Controller]]:
    """Start these controllers, or so many equal ones; each takes `delay` seconds for an answer."""
    async with contextlib.AsyncExitStack() as stack:
        controllers = []
        for model in _models(models) if isinstance(models, int) else models:
            mac = f"a0b1{zlib.crc32(model.name.encode()):08x}"
            wled = SimulatedWled(model.version, model.chip, mac=mac, name=model.name, pin=model.pin)
            wled.faults.delay = delay
            controllers.append(Controller(model, await stack.enter_async_context(wled)))
        yield controllers
