"""The handlers that are in use, and who wants to know when they change."""

import asyncio
from collections.abc import Callable

from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner

from .events import Subscribers


class Handlers:
    """Owns the registry, which is replaced as a whole by each scan."""

    def __init__(self, handlers: HandlerRegistry | HandlerScanner) -> None:
        """Take a registry, or a scanner to begin with what its first scan finds."""
        self.are_scanned = isinstance(handlers, HandlerRegistry)
        self.registry = handlers if isinstance(handlers, HandlerRegistry) else HandlerRegistry()
        self._scanner = HandlerScanner() if isinstance(handlers, HandlerRegistry) else handlers
        self._scanning = asyncio.Lock()
        self._followers = Subscribers[HandlerRegistry]()

    async def rescan(self) -> HandlerRegistry:
        """Look for handlers again, and tell who follows them if there are others."""
        async with self._scanning:
            before, self.registry = self.registry, await asyncio.to_thread(self._scanner.scan)
            self.are_scanned = True
        if self.registry != before:
            self._followers.publish(self.registry)
        return self.registry

    def subscribe(self, follower: Callable[[HandlerRegistry], None]) -> Callable[[], None]:
        """Call the follower, in the event loop, after a scan that found other handlers; return what ends that."""
        return self._followers.add(follower)
