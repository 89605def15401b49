"""Files as the small web server on a device sends them."""

from ha_device_backup_core.testing import SimulatedResponse


def attachment(name: str, content: bytes) -> SimulatedResponse:
    """Return a file."""
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return SimulatedResponse(200, "application/octet-stream", content, disposition)
