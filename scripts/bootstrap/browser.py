"""Chromium for the tests that click."""

import os
import shutil
from pathlib import Path

from .commands import output
from .steps import SetupError, step

WITHOUT_WINDOWS = "chromium-headless-shell"
"""The same engine, which needs half the processor time."""
WHOLE = "chromium"
APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")


def prepare() -> Path:
    """Return Chromium, if possible the one without windows; on Debian root may have it installed."""
    if found := shutil.which(WITHOUT_WINDOWS):
        return Path(found)
    whole = shutil.which(WHOLE)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        if whole:
            return Path(whole)
        raise SetupError(
            "Chromium is needed for the end-to-end tests and may be installed by root only. Install it "
            f"(apt-get install {WITHOUT_WINDOWS}) and try again."
        )
    with step("Chromium") as current:
        try:
            current.result = _installed()
        except SetupError:
            if not whole:
                raise
            current.result = f"not to be had without windows: {whole} does"
    return Path(shutil.which(WITHOUT_WINDOWS) or whole or WHOLE)


def _installed() -> str:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    output([*APT, "update"], seconds=300, extra=quiet)
    output([*APT, "install", "--yes", "--no-install-recommends", WITHOUT_WINDOWS], seconds=900, extra=quiet)
    return output([WITHOUT_WINDOWS, "--version"], seconds=60).splitlines()[-1]
