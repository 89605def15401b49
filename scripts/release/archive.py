"""The archive of the integration that HACS and the Marketplace download from a release."""

import json
import zipfile
from pathlib import Path

INTEGRATION = Path("custom_components/ha_device_backups")
WHEN = (2020, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16
LEFT_OUT = {"__pycache__"}


def write_archive(root: Path, folder: Path) -> Path:
    """Write the archive under the name that hacs.json tells, and return it; the same sources make the same bytes."""
    archive: Path = folder / json.loads((root / "hacs.json").read_text(encoding="utf-8"))["filename"]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for source in integration_files(root):
            # HACS and the Marketplace unpack it into custom_components/ha_device_backups.
            member = zipfile.ZipInfo(source.relative_to(root / INTEGRATION).as_posix(), WHEN)
            member.external_attr, member.compress_type = PERMISSIONS, zipfile.ZIP_DEFLATED
            file.writestr(member, source.read_bytes())
    return archive


def integration_files(root: Path) -> list[Path]:
    """Return the files of the integration, in the order of their names."""
    found = (file for file in (root / INTEGRATION).rglob("*") if file.is_file())
    return sorted(file for file in found if not LEFT_OUT & set(file.parts))
