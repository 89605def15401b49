"""What counts as a change, and what does not."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import VERSIONS

from .artifacts import RECORD, artifact, files

GOOD = files()
type Files = dict[str, bytes]


def edited(name: str, change: Callable[[dict[str, Any]], object]) -> Files:
    """Return the files with one JSON file changed."""
    value = json.loads(GOOD[name])
    change(value)
    return {**GOOD, name: json.dumps(value).encode()}


def shuffled(value: object) -> object:
    """Return the value with its keys in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.Random(4).shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}
    return [shuffled(inner) for inner in value] if isinstance(value, list) else value


def same(content: Files) -> bool:
    """Return whether this counts as unchanged."""
    return WledHandler.normalize(artifact(content)) == WledHandler.normalize(artifact(GOOD))


@pytest.mark.parametrize("version", VERSIONS)
def test_normalising_twice_changes_nothing(version: str) -> None:
    once = WledHandler.normalize(artifact(files(version)))
    assert WledHandler.normalize(Artifact.bundle(once)) == once


@pytest.mark.parametrize(
    "content",
    [
        {**GOOD, "cfg.json": json.dumps(shuffled(json.loads(GOOD["cfg.json"])), indent=1).encode()},
        {**GOOD, "presets.json": json.dumps(json.loads(GOOD["presets.json"]), separators=(",", ":")).encode()},
        edited("cfg.json", lambda cfg: cfg.update(vid=1)),
        edited(
            RECORD, lambda info: info.update(uptime=1, freeheap=2, ip="10.0.0.9", name="x", time="", wifi={}, ndc=9)
        ),
        edited(RECORD, lambda info: info["fs"].update(u=1, pmt=2)),
        {**GOOD, "bkp.cfg.json": b"{}", "rst.cfg.json": b""},
    ],
)
def test_no_change(content: Files) -> None:
    assert same(content)


@pytest.mark.parametrize(
    "content",
    [
        edited("cfg.json", lambda cfg: cfg["id"].update(name="Other")),
        edited("cfg.json", lambda cfg: cfg["hw"]["led"]["ins"][0].update(len=143)),
        edited("cfg.json", lambda cfg: cfg["nw"]["ins"].append({"ssid": "guest"})),
        edited("presets.json", lambda presets: presets.pop("2")),
        edited("presets.json", lambda presets: presets["1"].update(bri=129)),
        edited("ledmap.json", lambda ledmap: ledmap["map"].reverse()),
        edited(RECORD, lambda info: info.update(ver="0.15.6")),
        {**GOOD, "skin.css": GOOD["skin.css"] + b" "},
        {**GOOD, "new.gif": b"GIF89a"},
        {name: data for name, data in GOOD.items() if name != "ir.json"},
        {**GOOD, "presets.json": GOOD["presets.json"][:-1]},
    ],
)
def test_a_change(content: Files) -> None:
    assert not same(content)
