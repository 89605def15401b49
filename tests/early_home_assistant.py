"""Pytest plug-in for `-p`: makes fixtures that were made for Home Assistant 2026.10 work on 2026.11, and quicker."""

import gc
import logging
import sys

import pytest

HANDS_OUT = any(argument.startswith("--numprocesses=") for argument in sys.argv)
"""Whether this process leaves all tests to others, which have arguments of their own."""


def prepare_home_assistant() -> None:
    """Do what must be done before the fixtures come."""
    # Home Assistant puts its own httpx in place and refuses when a plug-in was faster.
    import homeassistant  # noqa: F401
    from homeassistant.components import logger

    if not hasattr(logger, "_clear_logger_overwrites"):
        setattr(logger, "_clear_logger_overwrites", lambda *_arguments, **_options: None)  # noqa: B010

    # The fixtures look for cycles before each module; to look every few thousand objects, too, takes a tenth of all.
    gc.disable()

    # Pytest shows with a test that fails what was logged; the fixtures would have each line written to stderr, too.
    logging.basicConfig(level=logging.INFO, handlers=[logging.NullHandler()])

    # The fixtures look for it before each test, in all folders that anything is imported from.
    sys.modules["MySQLdb"] = None  # type: ignore[assignment]  # not installed


def pytest_plugin_registered(manager: pytest.PytestPluginManager) -> None:
    """Keep the fixtures, which import Home Assistant, out of a process that only hands out tests."""
    if HANDS_OUT:
        manager.set_blocked("homeassistant")


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Read first only what has options; with the tests, where it is measured, what imports the integration."""
    early_config.known_args_namespace.file_or_dir = ["tests/conftest.py"]


if not HANDS_OUT:
    prepare_home_assistant()
