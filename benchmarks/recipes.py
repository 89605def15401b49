"""What recipes cost: the time of the engine against code by hand for the same device, lines, and requests.

`python -m benchmarks.recipes`. Both kinds of backups are made of the same stand-in, in turns, in one run: the ratio of
their times is what counts. A request is beyond the necessary where the same was asked before in the same job.
"""

import argparse
import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    Config,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
    HandlerContext,
    HandlerSpec,
    InvalidArtifactError,
    Note,
)
from ha_device_backup_core.testing import run_job
from ha_device_backup_core.toolkit import (
    DeviceClient,
    JsonError,
    Request,
    Response,
    basic_login,
    canonical,
    json_object,
)
from ha_device_backup_http import RecipeHandler
from ha_device_backup_http.recipe import recipe_handlers
from ha_device_backup_http.recipe.packages import recipe_files
from tests.simulators.recipes import StandIn, stand_ins

BY_HAND = "shelly_gen1"
_CHANGES = frozenset({"unixtime", "time", "tz_utc_offset", "tz_dst"})


class ShellyByHand(DeviceBackupHandler):
    """What a person would write for the first generation of Shelly in place of its recipe."""

    spec: ClassVar[HandlerSpec] = HandlerSpec(
        kind="shelly_by_hand",
        name="Shelly",
        api_version=ApiVersion(1, 0),
        fields=(
            ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
            ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
            ConfigField(key="username", kind=FieldKind.TEXT, label="User", default="admin"),
            ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
        ),
    )

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job."""
        super().__init__(context, config)
        login = basic_login(str(config["username"] or ""), str(config["password"] or ""))
        self._client = DeviceClient.of(self, headers=login)

    async def test_connection(self) -> DeviceInfo:
        """Ask who it is."""
        found = json_object(await self._client.read("/settings"))
        mac = str(json_object(canonical(found["device"]))["mac"]).lower()
        return DeviceInfo(unique_id=mac, name="Shelly", version=str(found["fw"]))

    async def fetch_backup(self) -> Artifact:
        """Get both files."""
        return Artifact.bundle({name: await self._client.read(f"/{name}") for name in ("settings", "settings/actions")})

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is no JSON."""
        for name, content in artifact.files().items():
            try:
                json_object(content)
            except JsonError as error:
                raise InvalidArtifactError(name) from error
        return ()

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Leave out what changes by itself."""
        found = {name: json_object(content) for name, content in artifact.files().items()}
        return {
            name: canonical({key: inner for key, inner in value.items() if key not in _CHANGES})
            for name, value in found.items()
        }


def _recipe(kind: str) -> type[RecipeHandler]:
    found = (handler for handler in recipe_handlers("ha_device_backup_http") if isinstance(handler, type))
    handler = next(handler for handler in found if handler.spec.kind == kind)
    # Stand-ins need no time between two requests.
    handler.recipe = replace(handler.recipe, pause=0.0)
    return handler


def _entered(device: StandIn, handler: type[DeviceBackupHandler]) -> dict[str, Any]:
    keys = {field.key for field in handler.spec.fields}
    address = {"url": device.url} if "url" in keys else {"host": device.host, "port": device.port}
    return {key: value for key, value in {**address, **device.entered}.items() if key in keys}


async def _ratio(rounds: int) -> tuple[float, float]:
    """Return the median times of a backup by hand and by recipe, in milliseconds."""
    times: dict[type[DeviceBackupHandler], list[float]] = {ShellyByHand: [], _recipe(BY_HAND): []}
    async with stand_ins()[BY_HAND]() as device:
        for _number in range(rounds):
            for handler, measured in times.items():
                begun = time.perf_counter()
                await run_job(handler, _entered(device, handler))
                measured.append(1000 * (time.perf_counter() - begun))
    by_hand, by_recipe = (statistics.median(measured) for measured in times.values())
    return by_hand, by_recipe


async def _requests(name: str, stand_in: type[StandIn]) -> tuple[str, int, int]:
    """Return how many requests a backup of a kind takes, and how many of them were made before in the same job."""
    asked: list[tuple[str, str, bytes]] = []
    send = DeviceClient.send

    async def counted(client: DeviceClient, request: Request) -> Response:
        asked.append((request.method, str(request.path), request.body.content if request.body else b""))
        return await send(client, request)

    async with stand_in() as device:
        handler = _recipe(device.kind)
        with patch.object(DeviceClient, "send", counted):
            await run_job(handler, _entered(device, handler))
    return name, len(asked), sum(times - 1 for times in Counter(asked).values())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    lines = [content.count(b"\n") for content in recipe_files("ha_device_backup_http").values()]
    console = Console()
    console.print(f"{len(lines)} recipes, {min(lines)} to {max(lines)} lines, median {statistics.median(lines):g}")
    by_hand, by_recipe = asyncio.run(_ratio(rounds))
    console.print(f"A backup of {BY_HAND}: {by_hand:.1f} ms by hand, {by_recipe:.1f} ms by recipe")
    console.print(f"Ratio {by_recipe / by_hand:.2f}")
    table = Table("Kind", "Requests", "Made before")
    counts = [asyncio.run(_requests(name, found)) for name, found in stand_ins().items()]
    for name, requests, again in counts:
        table.add_row(name, str(requests), str(again))
    console.print(table)
    console.print(f"{sum(again for _, _, again in counts)} of {sum(number for _, number, _ in counts)} made before")


if __name__ == "__main__":
    main()
