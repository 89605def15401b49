"""The line between a browser and Home Assistant: it can hold back what comes, and be cut."""

import re
from collections.abc import Callable

from playwright.async_api import Page, WebSocketRoute

_WEBSOCKET = re.compile("/api/websocket$")
_PREFIX = '"ha_device_backups/'


class Line:
    """Holds back what Home Assistant says for as long as a test wants, and knows what it was asked."""

    def __init__(self) -> None:
        """Let everything through."""
        self.asked: list[str] = []
        self._browser: WebSocketRoute | None = None
        self._held: list[Callable[[], None]] = []
        self._is_held = False

    async def lead(self, page: Page) -> None:
        """Lie between that page and Home Assistant."""
        await page.route_web_socket(_WEBSOCKET, self._connect)

    def hold(self) -> None:
        """Keep what comes, as a line does that is slow."""
        self._is_held = True

    def release(self) -> None:
        """Let through what was kept, and what comes."""
        self._is_held = False
        held, self._held = self._held, []
        for send in held:
            send()

    async def cut(self) -> None:
        """Lose the connection, and what was on its way; the browser makes a new one."""
        self._is_held = False
        self._held.clear()
        if self._browser is not None:
            await self._browser.close(code=3000, reason="cut")

    def count(self, command: str) -> int:
        """Return how often Home Assistant was asked for that."""
        return sum(f'{_PREFIX}{command}"' in message for message in self.asked)

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser = browser
        server = browser.connect_to_server()

        def down(message: str | bytes) -> None:
            if self._is_held:
                self._held.append(lambda: browser.send(message))
            else:
                browser.send(message)

        def up(message: str | bytes) -> None:
            self.asked.append(str(message))
            server.send(message)

        server.on_message(down)
        browser.on_message(up)
