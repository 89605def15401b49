"""Recipes before the very software that they describe."""

import hashlib
import json
from pathlib import Path

import pytest

from ha_device_backup_core import AuthenticationError
from ha_device_backup_core.testing import run_job, run_probe, run_restore
from tests.handlers_http.recipes.conftest import RECIPES

from .esphome import PASSWORD as ESPHOME_PASSWORD
from .esphome import SECRETS, EsphomeDeviceBuilder
from .esphome import USERNAME as ESPHOME_USERNAME
from .homebridge import PASSWORD as HOMEBRIDGE_PASSWORD
from .homebridge import USERNAME as HOMEBRIDGE_USERNAME
from .homebridge import Homebridge
from .moonraker import Moonraker
from .node_red import PASSWORD, USERNAME, NodeRed
from .octoprint import KEY as OCTOPRINT_KEY
from .octoprint import OctoPrint
from .syncthing import KEY as SYNCTHING_KEY
from .syncthing import Syncthing
from .zigbee2mqtt import ADDRESS, TOKEN, Zigbee2Mqtt

_FLOW = {"id": "f1", "type": "tab", "label": "Garden", "disabled": False, "info": ""}


async def test_node_red(tmp_path: Path) -> None:
    recipe = RECIPES["node_red"]
    async with NodeRed(tmp_path) as server:
        await server.deploy([_FLOW])
        config = {"url": server.origin, "username": USERNAME, "password": PASSWORD}
        first = await run_job(recipe, config)
        assert json.loads(first.artifact.files()["flows.json"]) == [_FLOW]
        assert (first.artifact.missing, first.doubts, first.device.version) == ((), (), "5.0.7")
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        await server.deploy([_FLOW | {"label": "Pump"}])
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        await run_restore(recipe, config, first.artifact)
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"password": "canary-wrong"})
        with pytest.raises(AuthenticationError):
            await run_job(recipe, {"url": server.origin})
        await run_job(recipe, config)


async def test_syncthing(tmp_path: Path) -> None:
    recipe = RECIPES["syncthing"]
    async with Syncthing(tmp_path) as server:
        trusted = hashlib.sha256(server.shown_certificate()).hexdigest()
        config = {"url": server.origin, "token": SYNCTHING_KEY, "certificate": trusted}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts) == ((), ())
        assert first.device.unique_id
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        await server.rename("cellar")
        renamed = await run_job(recipe, config)
        assert (renamed.fingerprint == first.fingerprint, renamed.device.name) == (False, "cellar")
        await run_restore(recipe, config, first.artifact, unique_id=first.device.unique_id)
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"token": "canary-wrong"})
        await run_job(recipe, config)


async def test_octoprint(tmp_path: Path) -> None:
    recipe = RECIPES["octoprint"]
    async with OctoPrint(tmp_path) as server:
        config = {"url": server.origin, "token": OCTOPRINT_KEY}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts, first.device.version) == ((), (), "1.11.8")
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        await server.rename("Prusa")
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        assert (await run_probe(recipe, config)).name == "Prusa"
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"token": "canary-wrong"})
        await run_job(recipe, config)
        assert await server.kept() == []


async def test_moonraker(tmp_path: Path) -> None:
    recipe = RECIPES["moonraker"]
    async with Moonraker(tmp_path) as server:
        printer = server.configuration / "printer.cfg"
        printer.write_text("[printer]\nmax_velocity: 300\n")
        await server.keep("mainsail", "general", {"printername": "Voron"})
        config = {"url": server.origin}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts) == ((), ())
        kept = json.loads(first.artifact.files()["database/mainsail.json"])
        assert kept == {"general": {"printername": "Voron"}}
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        printer.write_text("[printer]\nmax_velocity: 400\n")
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        assert sorted(path.name for path in server.configuration.iterdir()) == ["moonraker.conf", "printer.cfg"]


async def test_homebridge(tmp_path: Path) -> None:
    recipe = RECIPES["homebridge"]
    async with Homebridge(tmp_path) as server:
        await server.set_up()
        config = {"url": server.origin, "username": HOMEBRIDGE_USERNAME, "password": HOMEBRIDGE_PASSWORD}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts, first.device.version) == ((), (), "5.10.0")
        assert first.device.unique_id
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        server.configure("Cellar")
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"password": "canary-wrong"})
        with pytest.raises(AuthenticationError):
            await run_job(recipe, {"url": server.origin})
        await run_job(recipe, config)


async def test_esphome_device_builder(tmp_path: Path) -> None:
    recipe = RECIPES["esphome_device_builder"]
    async with EsphomeDeviceBuilder(tmp_path) as server:
        config = {"url": server.origin, "username": ESPHOME_USERNAME, "password": ESPHOME_PASSWORD}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts, first.device.version) == ((), (), "1.26.0")
        files = first.artifact.files()
        assert files.keys() == {"devices.json", "lamp.yaml", "secrets.yaml"}
        assert files["secrets.yaml"] == SECRETS.encode()
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        server.configure("Another lamp")
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"password": "canary-wrong"})
        await run_job(recipe, config)


async def test_esphome_device_builder_without_login_and_secrets(tmp_path: Path) -> None:
    server = EsphomeDeviceBuilder(tmp_path)
    server.is_open = True
    async with server:
        (server.configurations / "secrets.yaml").unlink()
        fetched = await run_job(RECIPES["esphome_device_builder"], {"url": server.origin})
        assert (fetched.artifact.missing, fetched.doubts) == ((), ())
        assert fetched.artifact.files().keys() == {"devices.json", "lamp.yaml"}


@pytest.mark.parametrize("can_be_saved", [True, False])
async def test_zigbee2mqtt(tmp_path: Path, can_be_saved: bool) -> None:
    recipe = RECIPES["zigbee2mqtt"]
    server = Zigbee2Mqtt(tmp_path)
    server.can_be_saved = can_be_saved
    async with server:
        config = {"url": server.origin, "token": TOKEN}
        first = await run_job(recipe, config)
        assert (first.artifact.missing, first.doubts) == ((), ())
        assert (first.device.unique_id, first.device.version) == (ADDRESS, "2.14.1")
        assert (await run_job(recipe, config)).fingerprint == first.fingerprint
        await server.make_group("garden")
        assert (await run_job(recipe, config)).fingerprint != first.fingerprint
        with pytest.raises(AuthenticationError):
            await run_job(recipe, config | {"token": "canary-wrong"})
        await run_job(recipe, config)
