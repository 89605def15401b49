"""The handlers that are in use, here and at agents, and who wants to know when they change."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ha_device_backup_core.agent.client import AgentClient, PairedAgent
from ha_device_backup_core.agent.kinds import RemoteKind
from ha_device_backup_core.agent.remote_handler import remote_handler
from ha_device_backup_core.errors import HandlerUnavailableError
from ha_device_backup_core.plugins.kind_files import KindFile, ReadKindFile
from ha_device_backup_core.plugins.registry import AgentHandlers, HandlerRegistry, HandlerScanner, RegisteredHandler
from ha_device_backup_core.records import DeviceKey

from .device import TrackedDevice
from .events import Subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtAgent:
    """What a handler of an agent is made of: while that stays the same, so does the handler."""

    paired: PairedAgent
    kind: RemoteKind
    installed: RegisteredHandler | None

    def registered(self) -> RegisteredHandler:
        handler = remote_handler(AgentClient(self.paired), self.kind, self.installed)
        return RegisteredHandler(
            handler=handler,
            distribution=self.kind.distribution,
            version=self.kind.version,
            agent=self.paired.agent_id,
        )


class Handlers:
    """Owns the registry, which is replaced as a whole by each scan, and by what agents say."""

    def __init__(
        self,
        handlers: HandlerRegistry | HandlerScanner,
        find_device: Callable[[DeviceKey], TrackedDevice | None] = lambda _: None,
    ) -> None:
        """Take a registry, or a scanner to begin with what its first scan finds; and where devices in care are."""
        self._find_device = find_device
        self.are_scanned = isinstance(handlers, HandlerRegistry)
        self.registry = handlers if isinstance(handlers, HandlerRegistry) else HandlerRegistry()
        self._scanner = HandlerScanner() if isinstance(handlers, HandlerRegistry) else handlers
        self._scanning = asyncio.Lock()
        self._followers = Subscribers[HandlerRegistry]()
        self._agents: dict[str, tuple[PairedAgent, tuple[RemoteKind, ...]]] = {}
        self._made: dict[tuple[str, str], tuple[_AtAgent, RegisteredHandler]] = {}

    def of(self, device: TrackedDevice) -> RegisteredHandler:
        """Return what backs up a device; raises HandlerUnavailableError."""
        return self.registry.get(device.key.kind, device.settings.agent)

    def get(self, key: DeviceKey) -> RegisteredHandler:
        """Return what backs up a device, or reads the backups of one that is not in care.

        Raises HandlerUnavailableError.
        """
        device = self._find_device(key)
        return self.registry.reading(key.kind) if device is None else self.of(device)

    def find(self, key: DeviceKey) -> RegisteredHandler | None:
        """Return what `get` does, None where there is none."""
        try:
            return self.get(key)
        except HandlerUnavailableError:
            return None

    async def read(self, file: KindFile) -> ReadKindFile:
        """Return what the packages make of a file that describes a kind, and what they tell a person of it."""
        return await asyncio.to_thread(self._scanner.read, file)

    async def rescan(self) -> HandlerRegistry:
        """Look for handlers again, and tell who follows them if there are others."""
        async with self._scanning:
            found = await asyncio.to_thread(self._scanner.scan)
            self.are_scanned = True
            self._take(found)
        return self.registry

    def set_agent(self, paired: PairedAgent, kinds: tuple[RemoteKind, ...]) -> None:
        """Take the kinds of an agent, in place of what it had before."""
        self._agents[paired.agent_id] = paired, kinds
        self._take(self.registry)

    def remove_agent(self, agent_id: str) -> None:
        """Forget an agent."""
        if self._agents.pop(agent_id, None) is not None:
            self._made = {place: made for place, made in self._made.items() if place[0] != agent_id}
            self._take(self.registry)

    def subscribe(self, follower: Callable[[HandlerRegistry], None]) -> Callable[[], None]:
        """Call the follower, in the event loop, when there are other handlers; return what ends that."""
        return self._followers.add(follower)

    def _take(self, found: HandlerRegistry) -> None:
        before = self.registry
        self.registry = replace(found, agents=self._with_agents(found.handlers))
        if self.registry != before:
            self._followers.publish(self.registry)

    def _with_agents(self, installed: Mapping[str, RegisteredHandler]) -> Mapping[str, AgentHandlers]:
        agents: dict[str, AgentHandlers] = {}
        for agent_id, (paired, kinds) in self._agents.items():
            handlers = {kind.spec.kind: self._handler(paired, kind, installed.get(kind.spec.kind)) for kind in kinds}
            agents[agent_id] = AgentHandlers(name=paired.name, handlers=MappingProxyType(handlers))
        return MappingProxyType(agents)

    def _handler(self, paired: PairedAgent, kind: RemoteKind, installed: RegisteredHandler | None) -> RegisteredHandler:
        """Return the handler that was made of the same before: who uses it goes on, then."""
        place, wanted = (paired.agent_id, kind.spec.kind), _AtAgent(paired=paired, kind=kind, installed=installed)
        made_of, made = self._made.get(place, (None, None))
        if made is None or made_of != wanted:
            made = wanted.registered()
            self._made[place] = wanted, made
        return made
