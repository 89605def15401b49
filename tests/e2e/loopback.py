"""A Home Assistant that hears by mDNS what is announced on this machine, and speaks to nobody else."""

import json
from pathlib import Path
from textwrap import dedent

LOOPBACK = """
    from homeassistant.components import zeroconf
    from homeassistant.components.zeroconf import *

    zeroconf._async_get_zc_args = lambda hass: {"interfaces": ["127.0.0.1"]}
    CONFIG_SCHEMA = zeroconf.CONFIG_SCHEMA
    async_setup = zeroconf.async_setup
"""
MANIFEST = {
    "domain": "zeroconf",
    "name": "Zeroconf that talks to nobody but this machine",
    "codeowners": [],
    "dependencies": ["network", "api"],
    "documentation": "https://example.org",
    "integration_type": "system",
    "iot_class": "local_push",
    "requirements": [],
    "version": "1.0",
}


def zeroconf_of_this_machine(folder: Path) -> Path:
    """Write an integration that takes the place of Home Assistant's own, and return where it is."""
    loopback = folder / "zeroconf"
    loopback.mkdir(parents=True)
    (loopback / "manifest.json").write_text(json.dumps(MANIFEST))
    (loopback / "__init__.py").write_text(dedent(LOOPBACK))
    return loopback
