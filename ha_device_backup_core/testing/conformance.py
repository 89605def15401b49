"""The whole contract as a class of checks: an author makes a subclass that names the handler and a device."""

from .checks.artifact import ArtifactChecks
from .checks.device import DeviceChecks
from .checks.ending import EndingChecks
from .checks.package import PackageChecks
from .checks.restore import RestoreChecks
from .checks.secrets import SecretChecks


class HandlerConformance(PackageChecks, DeviceChecks, ArtifactChecks, EndingChecks, SecretChecks, RestoreChecks):
    """Checks one handler: a subclass sets `handler`, and `recordings` to a folder of them.

    Instead of recordings, or beside them, override `simulator`. What does not apply goes into `relaxed`, with a reason.
    """
