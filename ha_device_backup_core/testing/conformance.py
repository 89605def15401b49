"""The whole contract as a class of checks: an author makes a subclass that names the handler and a device."""

from .check_artifact import ArtifactChecks
from .check_device import DeviceChecks
from .check_ending import EndingChecks
from .check_package import PackageChecks
from .check_restore import RestoreChecks
from .check_secrets import SecretChecks


class HandlerConformance(PackageChecks, DeviceChecks, ArtifactChecks, EndingChecks, SecretChecks, RestoreChecks):
    """Checks one handler: a subclass sets `handler`, and `recordings` to a folder of them.

    Instead of recordings, or beside them, override `simulator`. What does not apply goes into `relaxed`, with a reason.
    """
