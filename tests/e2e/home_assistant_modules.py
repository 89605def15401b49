"""Imports what Home Assistant imports until it runs, and nothing of ours: that takes most of its start."""

import contextlib
import importlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import bcrypt
from homeassistant import bootstrap, components

from scripts.live.folder import CONFIGURATION

COMPONENTS = Path(components.__path__[0])
CHEAPEST_ROUNDS = 4
PLATFORMS = ("backup", "config_flow", "diagnostics", "logbook", "repairs", "system_health", "trigger", "condition")


def _manifest(domain: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((COMPONENTS / domain / "manifest.json").read_bytes())
    return found


def with_dependencies(domains: Iterable[str]) -> Iterator[str]:
    """Yield the integrations and all that they depend on, each once."""
    waiting, seen = list(domains), set[str]()
    while waiting:
        if (domain := waiting.pop()) not in seen:
            seen.add(domain)
            yield domain
            waiting += _manifest(domain).get("dependencies", [])


def _configured() -> list[str]:
    return [line.removesuffix(":") for line in CONFIGURATION.splitlines() if not line.startswith(" ")]


def import_home_assistant() -> None:
    """Import what Home Assistant imports until it runs, as far as this machine has it."""
    for domain in with_dependencies([*_configured(), *bootstrap.CORE_INTEGRATIONS, *bootstrap.DEFAULT_INTEGRATIONS]):
        package = f"homeassistant.components.{domain}"
        for name in (package, *(f"{package}.{platform}" for platform in PLATFORMS)):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def hash_quickly() -> None:
    """Have passwords of tests hashed at no cost: Home Assistant takes a quarter of a second, to deter who guesses."""
    salt = bcrypt.gensalt
    bcrypt.gensalt = lambda rounds=CHEAPEST_ROUNDS, prefix=b"2b": salt(min(rounds, CHEAPEST_ROUNDS), prefix)


import_home_assistant()
hash_quickly()
