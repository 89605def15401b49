"""A household of lamps in memory, and the handler that knows them."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ha_device_backup_core.contract import (
    API_VERSION,
    KEPT,
    Artifact,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
    HandlerSpec,
    Note,
    Progress,
    Prompt,
)
from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
)
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.restore_records import RestoreReport

SPEC = HandlerSpec(
    kind="lamp",
    name="Lamp",
    api_version=API_VERSION,
    fields=(
        ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
        ConfigField(key="pin", kind=FieldKind.SECRET, label="PIN"),
    ),
)
LIST_MISSING = Note(code="list_missing", text="The list of files is locked.")
FACTORY = {"name": "factory", "brightness": 128}
NO_NAME = Note(code="no_name", text="The configuration has no name.")


@dataclass
class Lamp:
    """A device: what it holds, and what is wrong with it."""

    unique_id: str | None
    settings: dict[str, object] = field(default_factory=lambda: {"name": "lamp", "brightness": 1})
    version: str = "1.0"
    pin: str | None = None
    kept: str | None = None
    """What its backups name that is kept elsewhere."""
    told_kept: list[frozenset[str] | None] = field(default_factory=list)
    progress: str | None = None
    """How far it says that a fetch is."""
    tells_no_difference: bool = False
    """Whether it tells too many sessions as a wrong PIN."""
    missing: tuple[Note, ...] = ()
    fault: BaseException | None = None
    """Raised by every fetch."""
    restore_fault: BaseException | None = None
    keeps_name: bool = False
    """Whether a restore cannot put the name back."""
    off: bool = False
    holds: asyncio.Event = field(default_factory=asyncio.Event)
    """A fetch waits until it is set."""
    began: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    contacts: int = 0
    fetches: int = 0
    closed: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    restores: int = 0
    restore_holds: asyncio.Event = field(default_factory=asyncio.Event)
    """A restore waits until it is set."""
    restore_began: asyncio.Event = field(default_factory=asyncio.Event)
    persons: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holds.set()
        self.restore_holds.set()


@dataclass
class Household:
    """All lamps by host, and how many were asked at once."""

    lamps: dict[str, Lamp] = field(default_factory=dict)
    in_flight: int = 0
    most_in_flight: int = 0
    order: list[str] = field(default_factory=list)

    def add(self, host: str, **more: object) -> Lamp:
        self.lamps[host] = lamp = Lamp(**{"unique_id": host, **more})  # type: ignore[arg-type] # a test's own values
        return lamp

    def registry(
        self,
        version: str = "1.0",
        *,
        volatile: frozenset[str] = frozenset({"uptime"}),
        base: "type[LampHandler] | None" = None,
    ) -> HandlerRegistry:
        values = {"household": self, "volatile": volatile}
        handler = type("HouseholdLampHandler", (base or LampHandler,), values)
        registered = RegisteredHandler(handler=handler, distribution="lamps", version=version)
        return HandlerRegistry(handlers={"lamp": registered})


class LampHandler(DeviceBackupHandler):
    """Knows the lamps of one household."""

    spec = SPEC
    household: ClassVar[Household]
    volatile: ClassVar[frozenset[str]]

    @property
    def lamp(self) -> Lamp:
        lamp = self.household.lamps[str(self.config["host"])]
        if lamp.off:
            raise CannotConnectError
        return lamp

    async def test_connection(self) -> DeviceInfo:
        lamp = self.lamp
        lamp.contacts += 1
        if lamp.pin != self.config["pin"]:
            raise AuthenticationError("The PIN is wrong.", perhaps_busy=lamp.tells_no_difference)
        return DeviceInfo(unique_id=lamp.unique_id, name="Lamp", version=lamp.version)

    async def fetch_backup(self) -> Artifact:
        host, lamp = str(self.config["host"]), self.lamp
        self.household.order.append(host)
        self.household.in_flight += 1
        lamp.in_flight += 1
        self.household.most_in_flight = max(self.household.most_in_flight, self.household.in_flight)
        lamp.most_in_flight = max(lamp.most_in_flight, lamp.in_flight)
        lamp.persons.append(self.context.person)
        try:
            lamp.began.set()
            await lamp.holds.wait()
            await asyncio.sleep(0)
            if lamp.fault is not None:
                raise lamp.fault
            lamp.fetches += 1
            if self.context.person is not None:
                self.context.person.show(Prompt(text="Press the button.", seconds=60))
            if lamp.progress is not None:
                self.context.progress(0.5, lamp.progress)
            content = json.dumps(lamp.settings).encode()
            missing = () if self.context.person is not None else lamp.missing
            lamp.told_kept.append(self.context.kept)
            attributes = {} if lamp.kept is None else {KEPT: lamp.kept}
            return Artifact(filename="lamp.json", content=content, missing=missing, attributes=attributes)
        finally:
            self.household.in_flight -= 1
            lamp.in_flight -= 1

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        lamp = self.lamp
        progress(0.5, "Sending")
        lamp.restores += 1
        lamp.restore_began.set()
        await lamp.restore_holds.wait()
        if lamp.restore_fault is not None:
            raise lamp.restore_fault
        kept = {"name": lamp.settings["name"]} if lamp.keeps_name else {}
        lamp.settings = {**json.loads(artifact.content), **kept}
        progress(1.0, "Done")
        return RestoreReport(proven=("lamp.json",), whole=not lamp.keeps_name)

    async def close(self) -> None:
        self.household.lamps[str(self.config["host"])].closed += 1
        self.household.lamps[str(self.config["host"])].ended.set()

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        try:
            settings = json.loads(artifact.content)
        except ValueError as error:
            raise InvalidArtifactError("lamp.json is not JSON.") from error
        if "brightness" not in settings:
            raise InvalidArtifactError("lamp.json lacks the brightness.")
        return () if "name" in settings else (NO_NAME,)

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        return bool(json.loads(artifact.content) != FACTORY)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        settings = json.loads(artifact.content)
        kept = {key: value for key, value in settings.items() if key not in cls.volatile}
        return {"lamp.json": json.dumps(kept, sort_keys=True).encode()}


class FetchOnlyHandler(LampHandler):
    """Cannot restore."""

    restore_backup = DeviceBackupHandler.restore_backup


NOT_VERIFIED = RestoreNotVerifiedError("brightness differs")
