"""What a controller answers to each request."""

import mimetypes

from ha_device_backup_core.testing import SimulatedRequest

from . import editor, uploads
from .content import compact
from .device import Device, parsed
from .http import NoAnswerError, Response, json_response, message_page, static_page

MAX_JSON_BODY = 16_384
UNLOCK_PIN = "Please unlock settings using PIN code!"
UNLOCK_OTA = "Please unlock OTA in security settings!"
SAFE_TYPES = {
    ".json": "application/json",
    ".css": "text/css",
    ".js": "application/javascript",
    ".htm": "text/html",
    ".gz": "application/x-gzip",
}


def answer(device: Device, request: SimulatedRequest, connections: int) -> tuple[Response, bool]:
    """Return the answer, and whether the device restarts after it."""
    path = request.path
    if path.startswith("/json"):
        return _json(device, request, connections)
    if path == "/upload" and request.method == "POST":
        return uploads.receive(device, request)
    if path == "/edit":
        return editor.answer(device, request), False
    if path == "/reset":
        return message_page(200, "Rebooting now...", "Please wait ~10 seconds..."), True
    if path.startswith("/settings"):
        return _settings(device, request), False
    return _others(device, request)


def _others(device: Device, request: SimulatedRequest) -> tuple[Response, bool]:
    path = request.path
    if path == "/version":
        return Response(body=str(device.firmware.build_id).encode()), False
    if path == "/uptime":
        return Response(body=str(device.uptime * 1000).encode()), False
    if path == "/freeheap":
        return Response(body=b"180000"), False
    if request.method == "OPTIONS":
        return Response(headers={"Access-Control-Max-Age": "7200"}, content_type=""), False
    if "win" in path:
        restart = path.startswith("/win&RB") or "RB" in request.query
        return Response(200, "text/xml", b'<?xml version="1.0" ?><vs><ac>128</ac></vs>'), restart
    return _file(device, request) or _built_in(device, path), False


def _built_in(device: Device, path: str) -> Response:
    build = device.firmware.build_id
    if path in {"/", "/index.htm"} and path == "/":
        return static_page(200, "WLED", build)
    if path == "/skin.css" and device.firmware.has_release:
        return Response(200, "text/css")
    if path == "/favicon.ico":
        return Response(200, "image/x-icon", bytes(156))
    if path in {"/style.css", "/common.js"} and device.firmware.has_release:
        return static_page(200, path, build)
    return static_page(404, "404 Not Found", build, compressed=device.firmware.has_pin)


def _file(device: Device, request: SimulatedRequest) -> Response | None:
    path = request.path + "index.htm" if request.path.endswith("/") else request.path
    return None if "sec" in path else file_response(device, path, download="download" in request.query)


def file_response(device: Device, path: str, *, download: bool = False) -> Response | None:
    """Return the file, or its compressed twin."""
    headers = {}
    data = device.files.read(path)
    if data is None and device.firmware.serves_gzip_twins:
        data = device.files.read(path + ".gz")
        headers = {} if download else {"Content-Encoding": "gzip"}
    if data is None:
        return None
    name = path.rpartition("/")[2]
    attachment = download and device.firmware.download_is_attachment
    disposition = (
        f'attachment; filename="{name}"'
        if attachment
        else "inline"
        if device.firmware.has_pin
        else f'inline; filename="{name}"'
    )
    suffix = "." + name.rpartition(".")[2]
    media_type = SAFE_TYPES.get(suffix) or mimetypes.types_map.get(suffix, "text/plain")
    return Response(200, media_type, data, {"Content-Disposition": disposition, **headers})


def _json(device: Device, request: SimulatedRequest, connections: int) -> tuple[Response, bool]:
    firmware = device.firmware
    if not firmware.has_own_editor and device.faults.take("busy", request.path):
        if not firmware.has_pin or (request.method != "GET" and not firmware.has_release):
            raise NoAnswerError
        return json_response(b'{"error":3}', 503, {"Retry-After": "1"} if firmware.has_release else {}), False
    if request.method == "GET":
        return _json_get(device, request.path, connections), False
    return _json_post(device, request)


def _json_get(device: Device, path: str, connections: int) -> Response:
    state = {
        "on": True,
        "bri": 128,
        "transition": 7,
        "ps": -1,
        "pl": -1,
        "mainseg": 0,
        "seg": [{"id": 0, "start": 0, "stop": 144}],
    }
    info = device.info(connections)
    for part, value in (("state", state), ("info", info), ("si", {"state": state, "info": info})):
        if part in path:
            return json_response(compact(value))
    if "cfg" in path:
        live = device.firmware.has_own_editor
        return json_response(compact(device.settings) if live else device.files.read("/cfg.json") or b"")
    if path in {"/json", "/json/"}:
        return json_response(
            compact({"state": state, "info": info, "effects": ["Solid", "Blink"], "palettes": ["Default"]})
        )
    return json_response(device.firmware.not_implemented_body, 501)


def _json_post(device: Device, request: SimulatedRequest) -> tuple[Response, bool]:
    if "json" not in request.content_type or not request.body:
        return Response(400), False
    if len(request.body) >= MAX_JSON_BODY:
        return Response(413), False
    root = parsed(request.body)
    if root is None:
        return json_response(b'{"error":9}', 400), False
    if "pin" in root:
        device.enter_pin(str(root["pin"]))
    if "cfg" in request.path:
        if not device.unlocked:
            return json_response(b'{"error":1}', 401), False
        device.save_settings({key: value for key, value in root.items() if key not in {"pin", "rb", "sv"}})
    if "psave" in root:
        device.save_preset(int(root["psave"]), {"n": root.get("n", "")})
    return json_response(b'{"success":true}'), bool(root.get("rb", False))


def _settings(device: Device, request: SimulatedRequest) -> Response:
    build = device.firmware.build_id
    if "lock" in request.path:
        device.lock()
        return static_page(200, "Settings locked", build)
    page = request.path.removeprefix("/settings").strip("/")
    if page == "s.js":
        locked = not device.unlocked and request.query.get("p", "0") != "0"
        body = b"alert('PIN incorrect.');" if locked else b"function GetV(){var d=document;}"
        return Response(401 if locked else 200, "application/javascript", body)
    if not page:
        return static_page(200, "Settings", build)
    if request.method == "POST":
        return _settings_form(device, request)
    return static_page(200, "Settings", build) if device.unlocked else static_page(401, "PIN required", build)


def _settings_form(device: Device, request: SimulatedRequest) -> Response:
    if not device.unlocked and device.pin_cooling_down:
        return message_page(401, "Access Denied", UNLOCK_OTA)
    if not device.unlocked:
        device.enter_pin(request.form().get("PIN", ""))
        if not device.unlocked:
            return message_page(401, "PIN rejected", "Redirecting...")
    return static_page(200, "Settings", device.firmware.build_id)
