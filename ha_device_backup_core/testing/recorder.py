"""Makes a recording from a real device: what a handler asks and what it is answered, secrets masked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractCookieJar
from aiohttp.base_protocol import BaseProtocol
from aiohttp.connector import Connection
from yarl import URL

from ha_device_backup_core.config.config import parse_config, secret_values
from ha_device_backup_core.contract import ConfigValue, DeviceInfo, Person
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched

from .fakes import StandIns, found_secrets, hidden_values
from .recording import CHANGED, FIRST, UNCHANGED, RecordedExchange, Recording

HOST = "192.0.2.1"
"""Stands for the address of the device; nobody has it."""
_KEPT_HEADERS = {
    "content-type",
    "content-disposition",
    "content-encoding",
    "www-authenticate",
    "location",
    "retry-after",
    "set-cookie",
    "server",
}
_LIMIT = 64 * 1024


@dataclass
class Tape:
    """Takes down the exchanges of the jobs that get their sessions from it."""

    exchanges: list[RecordedExchange] = field(default_factory=list)
    _sent: bytearray = field(default_factory=bytearray)

    def session(
        self,
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.ClientSession:
        """Make the session of a job, as `SessionFactory` says."""
        tape = self

        class TapedResponse(aiohttp.ClientResponse):
            """Reads its body at once, and gives it to the handler afterwards."""

            async def start(self, connection: Connection) -> Self:
                await super().start(connection)
                body = await self.read()
                tape._take_down(self, body)
                again = aiohttp.StreamReader(BaseProtocol(asyncio.get_running_loop()), _LIMIT)
                again.feed_data(body)
                again.feed_eof()
                self.content = again
                return self

        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._begin)
        trace.on_request_chunk_sent.append(self._send)
        return aiohttp.ClientSession(
            middlewares=middlewares,
            cookie_jar=cookie_jar,
            timeout=timeout,
            response_class=TapedResponse,
            trace_configs=[trace],
        )

    async def _begin(self, session: aiohttp.ClientSession, context: SimpleNamespace, parameters: object) -> None:
        self._sent.clear()

    async def _send(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, sent: aiohttp.TraceRequestChunkSentParams
    ) -> None:
        self._sent += sent.chunk

    def _take_down(self, response: aiohttp.ClientResponse, body: bytes) -> None:
        kept = [(name, value) for name, value in response.headers.items() if name.lower() in _KEPT_HEADERS]
        self.exchanges.append(
            RecordedExchange(
                method=response.method,
                url=str(response.url),
                status=response.status,
                headers=tuple(kept),
                body=body,
                sent=bytes(self._sent),
            )
        )
        self._sent.clear()


async def record(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    *,
    name: str,
    pause: float = 5.0,
    change: Callable[[], Awaitable[None]] | None = None,
    mask: Iterable[str] = (),
    replaced: Mapping[str, str] | None = None,
    person: Person | None = None,
) -> tuple[Recording, StandIns]:
    """Make two backups, `pause` seconds apart, and a third after `change`; return them masked, and the stand-ins."""
    takes: dict[str, list[RecordedExchange]] = {}
    takes[FIRST], fetched = await _take(registered, config, person)
    await asyncio.sleep(pause)
    takes[UNCHANGED], _ = await _take(registered, config, person)
    if change is not None:
        await change()
        takes[CHANGED], _ = await _take(registered, config, person)
    parsed = parse_config(registered.spec, config)
    bodies = (exchange.body for take in takes.values() for exchange in take)
    hidden = hidden_values(fetched.artifact.files(), registered.handler.redact(fetched.artifact))
    found = sorted({*hidden, *(secret for body in bodies for secret in found_secrets(body))})
    secrets = [*sorted(secret_values(registered.spec, parsed)), *mask, *found]
    stand_ins = StandIns(secrets, username=str(parsed.get("username") or ""), replaced=replaced)
    hosts = _hosts(parsed)
    recording = Recording(
        name=name,
        kind=registered.kind,
        config={key: _masked_value(value, stand_ins, hosts) for key, value in parsed.items()},
        device=_described(fetched.device, stand_ins),
        masked=tuple(stand_ins.by_secret.values()),
        takes={
            take: [_masked(exchange, stand_ins, hosts) for exchange in exchanges] for take, exchanges in takes.items()
        },
    )
    return recording, stand_ins


async def _take(
    registered: RegisteredHandler, config: Mapping[str, object], person: Person | None
) -> tuple[list[RecordedExchange], Fetched]:
    tape = Tape()
    fetched = await runner.fetch(registered, config, expected_unique_id=None, sessions=tape.session, person=person)
    return tape.exchanges, fetched


def _hosts(config: Mapping[str, ConfigValue]) -> set[str]:
    host, url = config.get("host"), config.get("url")
    return {str(found) for found in (host, URL(url).host if isinstance(url, str) else None) if found}


def _described(device: DeviceInfo, stand_ins: StandIns) -> dict[str, str | None]:
    said = {
        "unique_id": device.unique_id,
        "name": device.name,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "version": device.version,
    }
    return {key: None if value is None else stand_ins.mask_text(value) for key, value in said.items()}


def _masked_value(value: ConfigValue, stand_ins: StandIns, hosts: set[str]) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, tuple):
        return tuple(stand_ins.mask_text(line) for line in value)
    if not isinstance(value, str):
        return value
    return HOST if value in hosts else _masked_url(stand_ins.mask_text(value), hosts)


def _masked_url(text: str, hosts: set[str]) -> str:
    for host in hosts:
        text = text.replace(f"//{host}", f"//{HOST}").replace(f"//[{host}]", f"//{HOST}")
    return text


def _masked(exchange: RecordedExchange, stand_ins: StandIns, hosts: set[str]) -> RecordedExchange:
    return replace(
        exchange,
        url=_masked_url(stand_ins.mask_text(exchange.url), hosts),
        headers=tuple((name, _masked_url(stand_ins.mask_text(value), hosts)) for name, value in exchange.headers),
        body=stand_ins.mask(exchange.body),
        sent=stand_ins.mask(exchange.sent),
    )
