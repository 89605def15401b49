"""Pytest plug-in for `-p`: makes fixtures that were made for Home Assistant 2026.10 work on 2026.11, and quicker."""

import gc
import logging
import sys

# Home Assistant puts its own httpx in place and refuses when a plug-in was faster.
import homeassistant  # noqa: F401
from homeassistant.components import logger

if not hasattr(logger, "_clear_logger_overwrites"):
    setattr(logger, "_clear_logger_overwrites", lambda *_arguments, **_options: None)  # noqa: B010

# The fixtures look for cycles before each module; looking every few thousand objects, too, takes a tenth of all time.
gc.disable()

# Pytest shows with a test that fails what was logged; the fixtures would have each line written to stderr, too.
logging.basicConfig(level=logging.INFO, handlers=[logging.NullHandler()])

# The fixtures look for it before each test, in all folders that anything is imported from.
sys.modules["MySQLdb"] = None  # type: ignore[assignment]  # not installed
