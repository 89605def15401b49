"""Which request gets which answer."""

import base64

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse
from tests.simulators.wled.http import NoAnswerError
from tests.simulators.wled.multipart import Part, parse

from . import pages
from .device import Device, Upload
from .http import attachment

_SECTIONS = {"Status": "Status", "Status 1": "StatusPRM", "Status 2": "StatusFWR", "Status 5": "StatusNET"}
OWN_ADDRESSES = ("http://127.0.0.1", "http://TASMOTA-")


def answer(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    """Return the answer, and whether the device restarts after it."""
    if request.path == "/" or device.is_in_user_mode:
        return pages.page(device, "Main Menu", "<h2>Tasmota</h2>"), False
    if request.path == "/cm":
        return _command(device, request)
    handler = _HANDLERS.get(request.path)
    if handler is None or (request.path in _OF_FILES and not device.firmware.has_file_system) or _is_minimal(device):
        return SimulatedResponse(404, "text/plain", b"File Not Found", pages.server(device), chunked=True), False
    if not _has_login(device, request):
        headers = {"WWW-Authenticate": 'Basic realm="Login Required"'}
        return SimulatedResponse(401, "text/html", b"", headers), False
    _check_referer(device, request)
    return handler(device, request)


def _command(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    _check_referer(device, request)
    arguments = {**request.query, **(request.form() if request.content_type.endswith("urlencoded") else {})}
    by_argument = (arguments.get("user"), arguments.get("password")) == (device.user, device.password)
    by_header = device.firmware.reads_login_header and _has_login(device, request)
    if device.password and not (by_header or by_argument):
        return pages.said(device, '{"WARNING":"Need user=<username>&password=<password>"}', 401), False
    command = arguments.get("cmnd", "")
    return pages.said(device, _said(device, command)), command == "Restart 1"


def _said(device: Device, command: str) -> str:
    if command == "Status 0":
        return _whole_status(device)
    if command in _SECTIONS:
        section = _SECTIONS[command]
        return pages.merged({section: pages.status(device)[section]})
    answers: dict[str, dict[str, object]] = {
        "Module": {"Module": {"1": device.module}},
        "Restart 1": {"Restart": "Restarting"},
    }
    if device.firmware.has_file_system:
        free = device.free_kilobytes
        answers["UfsFree"] = {"UfsFree": free if device.card is None else [7_000_000, free]}
    return pages.merged(answers.get(command, {"Command": "Unknown"}))


def _whole_status(device: Device) -> str:
    sections = pages.status(device)
    if device.faults.take("cut_status", "/cm"):
        return pages.merged({"Status": sections["Status"], "StatusPRM": sections["StatusPRM"]})
    whole = pages.merged(sections)
    return whole.replace('"Heap":', '"Temperature":nan,"Heap":') if device.faults.take("no_number", "/cm") else whole


def _has_login(device: Device, request: SimulatedRequest) -> bool:
    expected = base64.b64encode(f"{device.user}:{device.password}".encode()).decode()
    return not device.password or request.headers.get("authorization") == f"Basic {expected}"


def _check_referer(device: Device, request: SimulatedRequest) -> None:
    if not device.http_api and not request.headers.get("referer", "").startswith(OWN_ADDRESSES):
        raise NoAnswerError


def _is_minimal(device: Device) -> bool:
    return device.firmware.image.endswith("minimal")


def _download(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    return attachment(f"Config_{device.hostname}_{device.firmware.version}.dmp", device.dump()), False


def _restore_page(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    device.upload = Upload.SETTINGS
    return pages.page(device, "Restore Configuration", "<form method='post' action='u2?fsz='></form>"), False


def _files(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    if request.method == "POST":
        return _upload(device, request)
    if (store := request.query.get("dir")) is not None:
        device.shows_card = store == "1" and device.card is not None
    shown = device.card if device.shows_card and device.card is not None else device.files
    wanted = request.query.get("download", "").rstrip("/")
    wanted = "/" + wanted.lstrip("/") if wanted else ""
    if wanted in shown:
        return attachment(wanted.rpartition("/")[2], shown[wanted]), False
    if wanted and wanted not in device.folders:
        raise NoAnswerError  # the firmware answers nothing where there is neither file nor folder
    device.upload, device.upload_folder = Upload.FILE, wanted
    return pages.listing(device, wanted), False


def _upload(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    (part,) = parse(request)
    if device.upload is Upload.SETTINGS:
        refused = device.faults.take("refuse_settings", request.raw_target)
        if refused or not device.take_settings(part.content):
            return pages.uploaded(device, "File invalid"), False
        return pages.uploaded(device, restarts=True), True
    if device.upload is Upload.FIRMWARE:
        return pages.uploaded(device, "Magic byte is not 0xE9"), False
    return _upload_file(device, request, part), False


def _upload_file(device: Device, request: SimulatedRequest, part: Part) -> SimulatedResponse:
    fits = len(part.content) <= device.free_kilobytes * 1024
    is_written = fits and not device.faults.take("fail_upload", request.raw_target)
    if is_written:
        content = part.content + b"?" if device.faults.take("garble_upload", request.raw_target) else part.content
        device.files[f"{device.upload_folder}/{part.filename}"] = content
    if device.firmware.redirects_after_uploads:
        return SimulatedResponse(303, "text/html", b"", {"Location": "/ufsu"})
    return pages.uploaded(device, "" if is_written else "Not enough space")


def _editor(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
    fields = {part.name: part.content for part in parse(request)}
    path = fields["name"].decode()
    device.folders.add(path.rpartition("/")[0])
    device.files[path] = fields["content"]
    return SimulatedResponse(303, "text/html", b"", {"Location": f"/ufsu?download={path.rpartition('/')[0]}"}), False


_OF_FILES = {"/ufsd", "/ufsu", "/ufse"}
_HANDLERS = {
    "/dl": _download,
    "/rs": _restore_page,
    "/u2": _upload,
    "/ufsd": _files,
    "/ufsu": _files,
    "/ufse": _editor,
}
