"""`/upload`: the only way to put a file on every version."""

from ha_device_backup_core.testing import SimulatedRequest

from . import multipart, routes
from .device import Device
from .http import NoAnswerError, Response


def receive(device: Device, request: SimulatedRequest) -> tuple[Response, bool]:
    """Write the file; the answer is 200 whatever became of it."""
    firmware = device.firmware
    if firmware.ota_lock_covers_files and device.ota_locked:
        return Response(500, body=routes.UNLOCK_OTA.encode()), False
    parts = [part for part in multipart.parse(request) if part.is_file and part.content]
    if not parts:
        raise NoAnswerError
    if not device.unlocked:
        return Response(401, body=routes.UNLOCK_PIN.encode()), False
    restart = False
    for part in parts:
        restart = _store(device, part) or restart
    if not restart:
        return Response(body=b"File Uploaded!"), False
    text = (
        b"Config restore ok.\nRebooting..."
        if firmware.has_own_editor
        else b"Configuration restore successful.\nRebooting..."
    )
    return Response(body=text), True


def _store(device: Device, part: multipart.Part) -> bool:
    name = part.filename or ""
    path = name if name.startswith("/") or not device.firmware.prepends_slash else f"/{name}"
    data = part.content
    if device.faults.take("garble_upload", path):
        data = bytes([data[0] ^ 1]) + data[1:]
    is_cut = device.faults.take("cut_upload", path)
    data = data[: len(data) // 2] if is_cut else data
    if path.startswith("/") or not device.firmware.is_esp32:
        device.files.write(path if path.startswith("/") else f"/{path}", data)
    if path == "/presets.json":
        device.presets_modified += 1
    if is_cut:
        raise NoAnswerError
    return "cfg.json" in name and device.firmware.restarts_after_configuration
