"""`/edit`: the file editor of the web server library, and the firmware's own from 16 on."""

from ha_device_backup_core.testing import SimulatedRequest

from . import multipart, routes
from .device import Device
from .http import Response, json_response, message_page, static_page


def answer(device: Device, request: SimulatedRequest) -> Response:
    """Answer a request to `/edit`."""
    if not device.has_editor:
        return message_page(501, "Not implemented", "The FS editor is disabled in this build.")
    if device.firmware.has_own_editor:
        return _own(device, request)
    if device.editor_locked:
        if device.firmware.ota_lock_covers_files:
            return message_page(500, "Access Denied", routes.UNLOCK_OTA)
        return message_page(401, "Access Denied", routes.UNLOCK_PIN)
    return _of_library(device, request)


def _entries(device: Device) -> list[tuple[str, int]]:
    return [(path, len(data)) for path, data in device.files.files.items() if "wsec" not in path]


def _list(entries: list[str]) -> bytes:
    """Return the list as the firmware prints it: names are not escaped."""
    return f"[{','.join(entries)}]".encode("utf-8", "surrogateescape")


def _own(device: Device, request: SimulatedRequest) -> Response:
    if request.method != "GET":
        return static_page(404, "404 Not Found", device.firmware.build_id)
    if not device.unlocked:
        return message_page(401, "Access Denied", routes.UNLOCK_PIN)
    function = request.query.get("func", "")
    if function == "list" or "list" in request.query:
        names = [
            f'{{"name":"{path.removeprefix("/")}","type":"file","size":{size}}}' for path, size in _entries(device)
        ]
        return json_response(_list(names), headers={"Cache-Control": "no-store", "Expires": "0"})
    if not function:
        return static_page(200, "Editor", device.firmware.build_id)
    return _own_file(device, function, request.query.get("path", ""))


def _own_file(device: Device, function: str, path: str) -> Response:
    if not path:
        return Response(400, body=b"Missing path")
    path = path if path.startswith("/") else f"/{path}"
    if not device.files.exists(path):
        return Response(404, body=b"Not found")
    if "wsec.json" in path:
        return Response(403, body=b"Access Denied")
    if function in {"edit", "download"}:
        return routes.file_response(device, path, download=function == "download") or Response(404)
    if function == "delete":
        device.files.remove(path)
        return Response(body=b"File deleted")
    return Response(400, body=b"Invalid function")


def _of_library(device: Device, request: SimulatedRequest) -> Response:
    if request.method == "GET":
        return _library_get(device, request)
    if request.method == "DELETE":
        path = request.form().get("path")
        if path is None:
            return Response(404)
        device.files.remove(path)
        return Response(content_type="", body=f"DELETE: {path}".encode())
    if request.method == "PUT":
        path = request.form().get("path", "")
        device.files.write(path, b"\x00")
        return Response(content_type="", body=f"CREATE: {path}".encode())
    return _library_post(device, request)


def _library_get(device: Device, request: SimulatedRequest) -> Response:
    if "list" in request.query:
        bare = not device.firmware.has_pin and not device.firmware.is_esp32
        names = [
            f'{{"type":"file","name":"{path.removeprefix("/") if bare else path}","size":{size}}}'
            for path, size in _entries(device)
        ]
        return json_response(_list(names))
    path = request.query.get("edit", request.query.get("download"))
    if path is None:
        return static_page(200, "Editor", device.firmware.build_id)
    if not path.startswith("/") and not device.firmware.is_esp32:
        path = f"/{path}"
    found = None if "wsec" in path else routes.file_response(device, path, download="download" in request.query)
    return found or static_page(404, "404 Not Found", device.firmware.build_id)


def _library_post(device: Device, request: SimulatedRequest) -> Response:
    for part in multipart.parse(request):
        if part.name == "data" and part.filename and part.content:
            device.files.write(part.filename, part.content)
            return Response(content_type="", body=f"UPLOADED: {part.filename}".encode())
    return Response(500)
