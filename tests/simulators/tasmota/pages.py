"""What a device says about itself, and its pages."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from ha_device_backup_core.testing import SimulatedResponse

from .device import Device
from .settings import Place, TextIndex

LONGEST_LINK = 127
"""The firmware has no room for a longer one, and cuts it."""


def raw(text: str) -> bytes:
    """Return a text as it goes over the wire: lone surrogates are bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def page(device: Device, title: str, body: str) -> SimulatedResponse:
    """Return a page of the device."""
    text = (
        f'<!DOCTYPE html><html lang="en"><head><title>{device.name} - {title}</title></head><body>{body}</body></html>'
    )
    return SimulatedResponse(200, "text/html", raw(text), server(device), chunked=True)


def said(device: Device, answer: str, status: int = 200) -> SimulatedResponse:
    """Return the answer to a command."""
    return SimulatedResponse(status, "application/json", raw(answer), server(device), chunked=True)


def server(device: Device) -> dict[str, str]:
    """Return the headers of its pages."""
    firmware = device.firmware
    return {
        "Server": f"Tasmota/{firmware.version} ({firmware.chip.hardware})",
        "Cache-Control": "no-cache, no-store, must-revalidate",
    }


def status(device: Device) -> dict[str, object]:
    """Return all sections of the status, in their order."""
    firmware, settings = device.firmware, device.settings
    minutes, seconds = divmod(device.uptime, 60)
    hours, minutes = divmod(minutes, 60)
    return {
        "Status": {
            "Module": 1,
            "DeviceName": device.name,
            "FriendlyName": [settings.text(TextIndex.FRIENDLY_NAME)],
            "Topic": settings.text(TextIndex.TOPIC),
            "Power": settings.number(Place.POWER),
            "PowerOnState": 3,
        },
        "StatusPRM": {
            "Baudrate": 115200,
            "GroupTopic": "tasmotas",
            "OtaUrl": "http://ota.tasmota.com/tasmota/release/tasmota.bin.gz",
            "RestartReason": "Software/System restart",
            **(
                {}
                if device.faults.no_uptime
                else {"Uptime": f"{hours // 24}T{hours % 24:02}:{minutes:02}:{seconds:02}", "BootCount": device.starts}
            ),
            "SaveCount": settings.number(Place.SAVED),
        },
        "StatusFWR": {
            "Version": f"{firmware.version}({firmware.image})",
            "BuildDateTime": "2026-02-15T12:00:00",
            "Core": "2_7_8",
            "Hardware": firmware.chip.hardware,
        },
        "StatusLOG": {"TelePeriod": 300, "SSId": [settings.text(TextIndex.SSID), ""], "SetOption": ["00008009"]},
        "StatusNET": {
            "Hostname": device.hostname,
            "IPAddress": "0.0.0.0" if device.is_wired else device.address,
            "Mac": ":".join(device.mac[place : place + 2].upper() for place in range(0, 12, 2)),
            "Webserver": settings.number(Place.WEB_SERVER, 1),
            "HTTP_API": int(device.http_api),
            **({"Ethernet": {"IPAddress": device.address}} if device.is_wired else device.second_address),
        },
        "StatusMQT": {
            "MqttHost": settings.text(TextIndex.MQTT_HOST),
            "MqttUser": settings.text(TextIndex.MQTT_USER),
        },
        "StatusSTS": {
            "UptimeSec": device.uptime,
            "Heap": 20 + device.uptime % 7,
            "Wifi": {"AP": device.settings.number(Place.NETWORK_IN_USE, 1) + 1},
        },
    }


def merged(sections: Mapping[str, object]) -> str:
    """Return sections as one object."""
    return json.dumps(sections, separators=(",", ":"), ensure_ascii=False)


def listing(device: Device, folder: str) -> SimulatedResponse:
    """Return the page on which the files are managed."""
    shown = device.card if device.shows_card and device.card is not None else device.files
    other = "" if device.card is None else f" <a href='/ufsd?dir={2 if device.shows_card else 1}'>other</a>"
    rows = "".join(_rows(device, shown, folder))
    body = (
        f"<div>Size 0.320 MB - Free {device.free_kilobytes / 1000:.3f} MB{other}</div>"
        "<form method='post' action='ufsu?fsz=' enctype='multipart/form-data'><input type='file' name='ufsu'></form>"
        f"<div style='text-align:left;overflow:auto;height:250px;'>{rows}</div>"
    )
    return page(device, "Manage File system", body)


def uploaded(device: Device, failure: str = "", *, restarts: bool = False) -> SimulatedResponse:
    """Return the page after an upload."""
    result = f"Failed</font></b><br><br>{failure}" if failure else "Successful</font></b><br>"
    text = "<br><div style='text-align:center;'>Device will restart in a few seconds</div><br>" if restarts else ""
    body = f"<div style='text-align:center;'><b>Upload <font color='#ff0000'>{result}{text}</div><br>"
    return page(device, "Information", body)


def _rows(device: Device, shown: Mapping[str, bytes], folder: str) -> Iterator[str]:
    address = "" if device.firmware.has_relative_links else "http://127.0.0.1/"
    if folder:
        yield f"<pre><a href='ufsd?download=/' file='{folder}'>..</a></pre>"
    inside = {path.removeprefix(f"{folder}/"): data for path, data in shown.items() if path.startswith(f"{folder}/")}
    folders = {name.partition("/")[0] for name in inside if "/" in name}
    for name in sorted({name for name in inside if "/" not in name} | folders):
        time, size = ("", 0) if name in folders else ("2026-01-02T03:04:05", len(inside[name]))
        hidden = " class='hf'" if name.startswith(".") else ""
        target = f"ufsd?download={_quoted(folder)}/{_quoted(name)}"[:LONGEST_LINK]
        link = f"<a href='{address}{target}' file='{_quoted(name)}'>{name:24}</a>"
        yield f"<pre{hidden}>{link} {time:>19} {size:8d} &#128293; </pre>"


def _quoted(name: str) -> str:
    return quote(name, errors="surrogateescape")
