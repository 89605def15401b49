"""Pytest plug-in for `-p`: makes fixtures that were made for Home Assistant 2026.10 work on 2026.11."""

# Home Assistant puts its own httpx in place and refuses when a plug-in was faster.
import homeassistant  # noqa: F401
from homeassistant.components import logger

if not hasattr(logger, "_clear_logger_overwrites"):
    setattr(logger, "_clear_logger_overwrites", lambda *_arguments, **_options: None)  # noqa: B010
