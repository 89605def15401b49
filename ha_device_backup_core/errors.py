"""Every exception of Device Backups: one tree, one code each."""

import re
from typing import ClassVar

from .fingerprints import ssh_fingerprint
from .package_problems import Problem
from .text import Text, _, in_language


class DeviceBackupError(Exception):
    """The root of all errors; `code` is unique, stable and the translation key."""

    code: ClassVar[str] = "device_backup"
    retryable: ClassVar[bool] = False
    summary: ClassVar[Text] = _("Device Backups failed.")

    def __init_subclass__(cls) -> None:
        """Derive the code from the name of the class: CannotConnectError has `cannot_connect`.

        A class of a handler's own keeps the code of the one it is derived from: that is what has translations.
        """
        super().__init_subclass__()
        if cls.__module__ == __name__:
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__.removesuffix("Error")).lower()

    def __init__(self, detail: Text | None = None) -> None:
        """Keep the words of whoever raised it."""
        super().__init__(detail)
        self.detail = detail

    def detail_in(self, language: str = "en") -> str:
        """Return the detail in the language, empty when there is none."""
        return "" if self.detail is None else in_language(self.detail, language)

    @property
    def values(self) -> dict[str, str]:
        """Return what a text about this error fills in beside the detail, the same in every language."""
        return {}

    def placeholders(self, language: str = "en") -> dict[str, str]:
        """Return what a translation of this error may fill in."""
        return {"detail": self.detail_in(language), **self.values}

    @property
    def happened(self) -> Text:
        """Return what happened, without the detail."""
        return self.summary

    def in_language(self, language: str = "en") -> str:
        """Return what happened and what a person can do."""
        return f"{in_language(self.happened, language)} {self.detail_in(language)}".strip()

    def __str__(self) -> str:
        """Return it in English."""
        return self.in_language()


class ConfigError(DeviceBackupError):
    """A value of the configuration is missing or wrong."""

    summary: ClassVar[Text] = "The value of “{field}” cannot be used."

    def __init__(self, field: str, detail: Text | None = None) -> None:
        """Name the field by its key."""
        super().__init__(detail)
        self.field = field

    @property
    def happened(self) -> Text:
        """Name what it is about."""
        return _("The value of “{field}” cannot be used.", field=self.field)

    @property
    def values(self) -> dict[str, str]:
        """Add the field."""
        return {"field": self.field}


class KeyPairOfferedError(ConfigError):
    """Nothing to log in with was entered, so the handler made a pair of keys, whose public half the device has to know.

    A host that can keep the private half shows the public one to a person, and goes on with the other in its field.
    """

    summary = _("Enter a password or a key to log in with.")

    def __init__(self, field: str, detail: Text | None = None, *, private: str, public: str) -> None:
        """Take the field of the private half, and both halves."""
        super().__init__(field, detail)
        self.private = private
        self.public = public


class HandlerUnavailableError(DeviceBackupError):
    """No usable handler of this kind is installed."""

    summary = _("The package that backs up this device is missing or does not work.")

    def __init__(self, problem: Problem) -> None:
        """Carry the problem, whose message says what to do."""
        super().__init__(problem.message)
        self.problem = problem


class HandlerCrashedError(DeviceBackupError):
    """A handler raised something outside its contract."""

    summary: ClassVar[Text] = "The package {distribution} {version} has a fault. Report it to its author."

    def __init__(self, distribution: str, version: str, detail: Text | None = None) -> None:
        """Name the package to report to."""
        super().__init__(detail)
        self.distribution = distribution
        self.version = version

    @property
    def happened(self) -> Text:
        """Name what it is about."""
        return _(
            "The package {distribution} {version} has a fault. Report it to its author.",
            distribution=self.distribution,
            version=self.version,
        )

    @property
    def values(self) -> dict[str, str]:
        """Add the package."""
        return {"distribution": self.distribution, "version": self.version}


class DeviceError(DeviceBackupError):
    """The device did not do what was asked."""

    summary = _("The device did not do what was asked.")

    def __init__(self, detail: Text | None = None, *, retry_after: float | None = None) -> None:
        """Keep the seconds after which the device asked to be tried again."""
        super().__init__(detail)
        self.retry_after = retry_after


class CannotConnectError(DeviceError):
    """The device did not answer (in time)."""

    retryable = True
    summary = _("The device cannot be reached. Is it switched on, and is its address right?")


class DeviceBusyError(DeviceError):
    """The device asked to be left alone for now."""

    retryable = True
    summary = _("The device is busy. Try again later.")


class UnexpectedResponseError(DeviceError):
    """The device answered something else than its kind does."""

    retryable = True
    summary = _("The device answered in an unexpected way.")


class AuthenticationError(DeviceError):
    """The device refused the login; it is not tried again until the login changes."""

    summary = _("The device refused the login.")

    def __init__(
        self, detail: Text | None = None, *, retry_after: float | None = None, perhaps_busy: bool = False
    ) -> None:
        """Say with `perhaps_busy` that the device tells too many sessions the same way: it is tried once more later."""
        super().__init__(detail, retry_after=retry_after)
        self.perhaps_busy = perhaps_busy


class PermissionDeniedError(DeviceError):
    """The login is right, but may not do this."""

    summary = _("The login is right, but the device does not allow it to do this.")


class PersonRequiredError(DeviceError):
    """The device wants somebody at the device itself."""

    summary = _("Somebody has to confirm this at the device.")


class CertificateNotTrustedError(DeviceError):
    """The TLS certificate of the device is not the trusted one."""

    summary = _("The device shows a new certificate. Check it and trust it.")

    def __init__(self, sha256: str, detail: Text | None = None) -> None:
        """Keep the fingerprint that was seen: SHA-256 over the DER form, 64 lower-case hex digits."""
        super().__init__(detail)
        self.sha256 = sha256

    @property
    def values(self) -> dict[str, str]:
        """Add the fingerprint."""
        return {"sha256": self.sha256}


class HostKeyNotTrustedError(CertificateNotTrustedError):
    """The SSH host key of the device is not the trusted one."""

    summary = _("The device shows a new host key. Check it and trust it.")

    def __init__(self, sha256: str, detail: Text | None = None) -> None:
        """Keep the fingerprint that was seen: SHA-256 over the key as SSH sends it, 64 lower-case hex digits."""
        shown = _("Its fingerprint is {fingerprint}.", fingerprint=ssh_fingerprint(sha256))
        super().__init__(sha256, shown if detail is None else detail)


class UnsupportedDeviceError(DeviceError):
    """What answers is no device of this kind, or a model or firmware that cannot be backed up."""

    summary = _("This device cannot be backed up.")


class WrongDeviceError(DeviceError):
    """Another device answers at the address of the known one."""

    summary = _(
        "Another device answers at this address. Enter the address that this one has now, or say that it was replaced."
    )


class AgentError(DeviceError):
    """The agent at which the device is asked did not do what was asked of it."""

    summary = _("The agent that backs up this device did not do what was asked. Update it, or start it again.")


class AgentAwayError(AgentError):
    """The agent did not answer (in time)."""

    retryable = True
    summary = _("The agent that backs up this device cannot be reached. Does it run, and is its address right?")


class AgentNotTrustedError(AgentError):
    """The certificate of the agent is another one than that which was pinned when it was paired."""

    summary = _("Another certificate than that of the agent was shown. Nothing was sent. Pair with the agent again.")


class AgentRefusedError(AgentError):
    """The agent does not know the token: it was revoked there."""

    summary = _("The agent that backs up this device does not let Device Backups in any more. Pair with it again.")


class AgentVersionError(AgentError):
    """The agent and this side have no version of the protocol in common."""

    summary = _("The agent and Device Backups are too far apart in age to understand each other.")


class ArtifactError(DeviceBackupError):
    """What was fetched cannot be kept."""

    summary = _("What the device sent cannot be kept as a backup.")


class InvalidArtifactError(ArtifactError):
    """What was fetched is no backup of a device of this kind."""

    retryable = True
    summary = _("What the device sent is no usable backup. Nothing was stored.")


class ArtifactTooLargeError(ArtifactError):
    """What the device sent is larger than the handler allows."""

    summary = _("What the device sent is too large for a backup. Nothing was stored.")


class UnreadableFileError(ArtifactError):
    """A file that a person handed in did not arrive, cannot be read or is too large; what it is, nobody looked at."""

    summary = _("The file could not be taken. Nothing was stored.")


class UnusableFileError(ArtifactError):
    """A file that a person handed in is no backup of a device of this kind."""

    summary = _(
        "This file is no backup of this device. Nothing was stored. Choose the file just as the device made it."
    )


class ForeignFileError(ArtifactError):
    """A file that a person handed in is a backup of another device."""

    summary = _("This file is a backup of another device. Nothing was stored. Hand it in at that device.")

    def __init__(self, detail: Text | None = None, *, owner: str | None = None) -> None:
        """Keep the unique id of the device that the file is of, where it tells."""
        super().__init__(detail)
        self.owner = owner


class RestoreError(DeviceBackupError):
    """A backup could not be put back."""

    summary = _("The backup could not be put back.")


class RestoreUnsupportedError(RestoreError):
    """The handler cannot restore."""

    summary = _("You have to put this backup back yourself.")


class RestoreRejectedError(RestoreError):
    """The device, or a check before it was touched, refused the backup."""

    summary = _("Nothing is put back.")


class RestoreNotVerifiedError(RestoreError):
    """The restore was done, but the device does not hold what was put on it."""

    summary = _("The backup was sent, but it is not certain that all of it is on the device.")


class StoreError(DeviceBackupError):
    """The store of backups cannot be read or written."""

    summary = _("The backups cannot be read or written.")


class BackupNotFoundError(StoreError):
    """There is no such backup in the store."""

    summary = _("This backup does not exist.")


class BackupProtectedError(StoreError):
    """A protected backup is to be deleted."""

    summary = _("This backup is protected, so it was not deleted. Take the protection away first.")


class BackupNeededError(StoreError):
    """A backup that a restore would begin with is to be deleted, and nobody said that this is meant."""

    summary = _("This backup was not deleted, because a restore would need it.")


class StoreFullError(StoreError):
    """There is no room on the disk."""

    summary = _("The disk is full, so nothing was stored. Free some space.")


class StoreDamagedError(StoreError):
    """A stored backup is missing its file, or the file is not what was stored."""

    summary = _("A stored backup is damaged and is not used.")


class StoreLockedError(StoreError):
    """Another process writes to this store."""

    summary = _(
        "Another program (a running Home Assistant?) is writing to this store. Stop it, or use its own actions."
    )


class SnapshotError(DeviceBackupError):
    """A backup of Home Assistant cannot be read, or holds no backups of devices."""

    summary = _("No device backups could be taken from this Home Assistant backup.")


class SnapshotPasswordError(SnapshotError):
    """A backup of Home Assistant is encrypted, and the password is missing or wrong."""

    summary = _("This Home Assistant backup could not be decrypted.")
