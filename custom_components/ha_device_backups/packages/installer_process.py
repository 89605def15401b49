"""Runs Home Assistant's own package installer in a process of its own: `install`, `uninstall` or `list`.

There its words can be read, it can be ended, and nothing that it is told by the environment reaches anybody else.
"""

import json
import logging
import os
import re
import site
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions

SECONDS_PER_REQUEST = 60


def install(requirement: str, constraints: str) -> bool:
    """Install without upgrading anything that satisfies the constraints."""
    from homeassistant.util.package import install_package  # noqa: PLC0415 - the other commands start without it

    logging.basicConfig(level=logging.ERROR, format="%(message)s", stream=sys.stderr)
    return install_package(requirement, upgrade=False, constraints=constraints, timeout=SECONDS_PER_REQUEST)


def uninstall(names: Sequence[str]) -> bool:
    """Remove packages from where Home Assistant's installer puts them."""
    command = [sys.executable, "-m", "uv", "pip", "uninstall", "--quiet", *_target(), *names]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - names were checked


def installed() -> dict[str, dict[str, object]]:
    """Return version and names of requirements of everything that is installed."""
    found: dict[str, dict[str, object]] = {}
    for distribution in distributions():
        needs = [_name(line) for line in distribution.requires or () if "extra ==" not in line]
        found.setdefault(
            _name(str(distribution.name)), {"version": str(distribution.version), "needs": sorted(set(needs))}
        )
    return found


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0] if match else "").lower()


def _target() -> list[str]:
    """Return where that is outside of virtual environments and containers, as Home Assistant decides it."""
    from homeassistant.util.package import is_virtual_env  # noqa: PLC0415 - as above

    if is_virtual_env() or {"UV_SYSTEM_PYTHON", "UV_PYTHON"} & os.environ.keys():
        return []
    return ["--python", sys.executable, "--target", site.getusersitepackages()]


def main(command: str, *arguments: str) -> int:
    """Do what the arguments say and return the exit status."""
    if command == "list":
        sys.stdout.write(json.dumps(installed()))
        return 0
    return 0 if (install(*arguments) if command == "install" else uninstall(arguments)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
