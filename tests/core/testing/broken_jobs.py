"""Handlers that leave things behind, tell secrets, or go past their session: each breaks the contract at one point."""

import asyncio
import base64
import json
import logging
import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import aiohttp

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    DeviceInfo,
    UnsupportedDeviceError,
    client_errors,
    receive_text,
)

from .clock import WIFI, ClockHandler

LEFT_OPEN: list[socket.socket] = []
"""What `LeavesSocket` opened, so that the test can close it."""


class IgnoresTheSession(ClockHandler):
    """Makes a session of its own: no fault ever reaches it."""

    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        async with (
            aiohttp.ClientSession() as own,
            own.request(method, self.url(path), data=data, headers=self.headers()) as response,
        ):
            if response.status == 401:
                raise AuthenticationError
            return await response.read()


class SwallowsCancellation(ClockHandler):
    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        try:
            return await super().ask(method, path, data)
        except asyncio.CancelledError as error:
            raise CannotConnectError from error


class LeavesTaskWhenCancelled(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        task = asyncio.create_task(asyncio.sleep(3600))
        artifact = await super().fetch_backup()
        task.cancel()
        return artifact


class LeavesSocketWhenCancelled(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        LEFT_OPEN.append(socket.socket())
        artifact = await super().fetch_backup()
        LEFT_OPEN.pop().close()
        return artifact


class LeavesTask(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        artifact = await super().fetch_backup()
        self.task = asyncio.create_task(asyncio.sleep(3600))
        return artifact


class FailsToClose(ClockHandler):
    async def close(self) -> None:
        await self.ask("GET", "/logout")


class LogsTheSecret(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        logging.getLogger(__name__).debug("Login with %s", self.config["password"])
        return await super().test_connection()


class PrintsTheSecret(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        sys.stdout.write(str(self.config["password"]))
        return await super().test_connection()


class KeepsASecretAsAttribute(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        return replace(await super().fetch_backup(), attributes={"wifi": WIFI})


class TellsASecretInAnError(ClockHandler):
    def read_json(self, body: bytes) -> dict[str, Any]:
        try:
            return super().read_json(body)
        except UnsupportedDeviceError as error:
            raise UnsupportedDeviceError(f"No clock in {WIFI}") from error


class RedactsNothing(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {artifact.filename: json.dumps(cls.settings(artifact))}


class AsksByWebsocket(ClockHandler):
    """Breaks nothing."""

    async def fetch_backup(self) -> Artifact:
        with client_errors():
            async with self.context.http.ws_connect(self.url("/websocket"), headers=self.headers()) as websocket:
                return Artifact(filename="clock.json", content=(await receive_text(websocket)).encode())


class TrustsTheWebsocket(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        async with self.context.http.ws_connect(self.url("/websocket"), headers=self.headers()) as websocket:
            return Artifact(filename="clock.json", content=(await websocket.receive_str()).encode())


class SwallowsMessagesOfAnySize(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        with client_errors():
            async with self.context.http.ws_connect(
                self.url("/websocket"), headers=self.headers(), max_msg_size=0
            ) as websocket:
                return Artifact(filename="clock.json", content=(await websocket.receive_str()).encode())


class ShowsTheSecretInBase64(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {"clock.json": base64.b64encode(f"wifi={cls.settings(artifact)['wifi']}".encode()).decode()}


class HidesThatASecretChanged(ClockHandler):
    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        settings = cls.settings(artifact)
        return {artifact.filename: f"A {settings['face']} clock\n(secrets hidden)"}
