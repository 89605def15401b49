"""Controllers that Home Assistant's own WLED integration has, in a configuration folder that was not started yet."""

import json
from pathlib import Path


def know_controllers(folder: Path, macs: dict[str, str]) -> None:
    """Write entries and devices of the integration `wled` (name to MAC) in the oldest format it takes over."""
    entries = [
        {
            "entry_id": f"wled{mac}",
            "version": 1,
            "domain": "wled",
            "title": name,
            "data": {"host": "127.0.0.1"},
            "options": {},
            "source": "user",
            "unique_id": mac,
            "disabled_by": None,
            "pref_disable_new_entities": False,
            "pref_disable_polling": False,
        }
        for name, mac in macs.items()
    ]
    devices = [
        {
            "id": f"device{mac}",
            "config_entries": [f"wled{mac}"],
            "connections": [["mac", ":".join(mac[start : start + 2] for start in range(0, 12, 2))]],
            "identifiers": [["wled", mac]],
            "manufacturer": "WLED",
            "model": "ESP32",
            "name": name,
            "sw_version": "0.15.5",
        }
        for name, mac in macs.items()
    ]
    _write(folder, "core.config_entries", {"entries": entries})
    _write(folder, "core.device_registry", {"devices": devices, "deleted_devices": []})


def know_device(folder: Path, integration: str, name: str, data: dict[str, object]) -> None:
    """Add an entry of another integration with one device to what the folder has."""
    entries, devices = _read(folder, "core.config_entries"), _read(folder, "core.device_registry")
    common = {**entries["entries"][0], "entry_id": integration, "domain": integration, "unique_id": None}
    entries["entries"].append({**common, "title": name, "data": data})
    device = {"id": f"device{integration}", "config_entries": [integration], "connections": []}
    about = {"identifiers": [[integration, name]], "manufacturer": None, "model": None, "sw_version": None}
    devices["devices"].append({**device, **about, "name": name})
    _write(folder, "core.config_entries", entries)
    _write(folder, "core.device_registry", devices)


def _read(folder: Path, key: str) -> dict[str, list[dict[str, object]]]:
    document = json.loads((folder / ".storage" / key).read_text(encoding="utf-8"))
    stored: dict[str, list[dict[str, object]]] = document["data"]
    return stored


def _write(folder: Path, key: str, data: object) -> None:
    path = folder / ".storage" / key
    path.write_text(json.dumps({"version": 1, "minor_version": 1, "key": key, "data": data}), encoding="utf-8")
