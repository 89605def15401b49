"""Debian packages unpacked into a folder of the clone; the system and its packages are left alone."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .commands import output
from .steps import SetupError

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "forky"


def _mirror() -> str:
    """Return the Debian mirror that this machine's own apt uses."""
    targets = output(["apt-get", "indextargets", "--format", "$(CREATED_BY) $(REPO_URI)"], seconds=60)
    uris = [line.split()[1].rstrip("/") for line in targets.splitlines() if line.startswith("Packages ")]
    mirror = next((uri for uri in uris if uri.endswith("/debian")), None)
    if mirror is None:
        raise SetupError("The apt of this machine names no mirror of Debian.")
    return mirror


def _options(folder: Path) -> list[str]:
    """Return apt options that keep everything it reads and writes below a folder."""
    (folder / "parts").mkdir()
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "archives/partial").mkdir(parents=True)
    # No package counts as installed, so that apt resolves everything down to the C library.
    (folder / "status").touch()
    (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {SUITE} main\n")
    settings = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": folder / "parts",
        "Dir::Etc::preferencesparts": folder / "parts",
        "Dir::State": folder,
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder,
        "Dir::Cache::archives": folder / "archives",
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "1",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
    }
    return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]


def install(prefix: Path, packages: Sequence[str], *, alone: Sequence[str] = ()) -> Path:
    """Unpack Debian packages into a prefix and return it; `alone` are those to take without what they depend on."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb") or not KEYRING.is_file():
        raise SetupError("Packages can be fetched without touching the system on Debian only.")
    prefix.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=prefix.parent, prefix="debian-") as name:
        folder = Path(name)
        apt = ["apt-get", "-qq", *_options(folder)]
        output([*apt, "update"], seconds=300)
        output([*apt, "install", "--yes", "--download-only", "--no-install-recommends", *packages], seconds=600)
        if alone:
            output([*apt, "download", *alone], seconds=600, folder=folder / "archives")
        shutil.rmtree(prefix, ignore_errors=True)
        for archive in sorted((folder / "archives").glob("*.deb")):
            output(["dpkg-deb", "-x", archive, prefix])
    return prefix
