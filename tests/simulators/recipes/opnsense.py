"""OPNsense, as BackupController.php and ApiControllerBase.php answer."""

from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, page, route, text

_HASH = "canary-hash-4711"


class OpnSense(StandIn):
    kind = "opnsense"
    entered: ClassVar = {"key": "abc", "secret": PASSWORD}
    secrets = (_HASH,)
    errors: ClassVar = {
        "no_privilege": PermissionDeniedError,
        "nothing": InvalidArtifactError,
        "half": InvalidArtifactError,
        "other": InvalidArtifactError,
        "page": InvalidArtifactError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if self.has_basic_login(request, "abc"):
            return None
        return json({"status": 401, "message": "Authentication Failed"}, 401)

    @route("GET /api/diagnostics/system/system_information")
    def system_information(self, request: SimulatedRequest) -> Answer:
        return json({"name": "fw.lan", "versions": ["OPNsense 26.7-amd64", "FreeBSD 14"]})

    @route("GET /api/core/backup/download/this")
    def download(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "no_privilege":
                return json({"status": 403, "message": "Forbidden"}, 403)
            case "nothing":
                return text(b"")
            case "page":
                return page("Log in")
        root = "pfsense" if self.fault == "other" else "opnsense"
        config = (
            f"<?xml version='1.0'?>\n<{root}>\n<system><hostname>fw</hostname><mtu>{self.number}</mtu>"
            f"<user><password>{_HASH}</password></user></system>\n"
            f"<revision><time>{self.noise()}</time></revision>\n</{root}>\n"
        )
        return text(config[: len(config) // 2] if self.fault == "half" else config, 200, "application/octet-stream")
