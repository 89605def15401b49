"""Chromium for the tests that click."""

import os
import shutil
from pathlib import Path

from .commands import output
from .steps import SetupError, step

CHROMIUM = Path("/usr/bin/chromium")
APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")


def prepare() -> Path:
    """Return Chromium; on Debian root may have it installed."""
    if CHROMIUM.is_file():
        return CHROMIUM
    with step("Chromium") as current:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SetupError(
                "Chromium is needed for the end-to-end tests and may be installed by root only. Install it as "
                "/usr/bin/chromium (apt-get install chromium) and try again."
            )
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        output([*APT, "update"], seconds=300, extra=quiet)
        output([*APT, "install", "--yes", "--no-install-recommends", "chromium"], seconds=900, extra=quiet)
        current.result = output([CHROMIUM, "--version"], seconds=60).splitlines()[-1]
    return CHROMIUM
