"""Configuration folders of Home Assistant that start without downloads, questions and cloud services."""

import json
import shutil
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INTEGRATION = ROOT / "custom_components" / "ha_device_backups"

CONFIGURATION = """\
frontend:
config:
backup:
diagnostics:
system_health:
zeroconf:
logger:
  default: info
  logs:
    custom_components.ha_device_backups: debug
    ha_device_backup_core: debug
    ha_device_backup_fritzbox: debug
    ha_device_backup_wled: debug
"""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Return whether nobody uses that port of 127.0.0.1 right now."""
    with socket.socket() as probe:
        # As servers do: what is left of connections that were closed is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def write_storage(folder: Path, key: str, version: int, data: Mapping[str, object], *, minor_version: int = 1) -> None:
    """Write what Home Assistant keeps under a key."""
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    document = {"version": version, "minor_version": minor_version, "key": key, "data": data}
    (storage / key).write_text(json.dumps(document), encoding="utf-8")


def set_port(folder: Path, port: int) -> None:
    """Let the Home Assistant of this folder listen on that port of 127.0.0.1."""
    stable = {
        "server_port": port,
        "server_host": ["127.0.0.1"],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    data = {"pending": None, "yaml_migration_done": True, "stable": stable}
    # As the oldest Home Assistant that is supported writes it; newer ones read it, too.
    write_storage(folder, "http", 2, data, minor_version=2)


def prepare_new_folder(folder: Path, port: int, *, extra: str = "") -> None:
    """Make the configuration folder of a Home Assistant that nobody has used yet: it offers to restore a backup."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION + extra, encoding="utf-8")
    set_port(folder, port)


def prepare_folder(folder: Path, port: int, *, integrations: Sequence[Path] = (INTEGRATION,), extra: str = "") -> None:
    """Make a fresh configuration folder with these custom integrations; `extra` is added to configuration.yaml."""
    prepare_new_folder(folder, port, extra=extra)
    # The onboarding step "core_config" would add integrations that need the internet.
    write_storage(folder, "onboarding", 4, {"done": ["core_config"]})
    custom_components = folder / "custom_components"
    custom_components.mkdir(exist_ok=True)
    # With this file the folder's integrations hide the repository's, which an editable install puts on the path.
    (custom_components / "__init__.py").touch()
    for integration in integrations:
        shutil.copytree(
            integration,
            custom_components / integration.name,
            ignore=shutil.ignore_patterns("__pycache__"),
            dirs_exist_ok=True,
        )
