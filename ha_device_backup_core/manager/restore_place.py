"""Where a restore was begun: what was asked and backed up at one address never leads to a write at another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ha_device_backup_core.contract import FieldKind, HandlerSpec
from ha_device_backup_core.errors import RestoreRejectedError
from ha_device_backup_core.text import Text, _

from .device import TrackedDevice

_CHANGED: Text = _("Its address or another of its settings was changed meanwhile. Restore again.")


@dataclass(frozen=True, slots=True)
class RestorePlace:
    """What was entered of a device when its restore began; a secret may change, for it leads nowhere else."""

    device: TrackedDevice
    spec: HandlerSpec
    entered: Mapping[str, object]

    @classmethod
    def of(cls, device: TrackedDevice, spec: HandlerSpec) -> Self:
        """Return where the device is now."""
        return cls(device, spec, _without_secrets(spec, device.settings.config))

    @property
    def is_left(self) -> bool:
        """Return whether the device is said to be elsewhere by now."""
        return _without_secrets(self.spec, self.device.settings.config) != self.entered

    def demand(self) -> None:
        """Raise RestoreRejectedError where the device is said to be elsewhere by now."""
        if self.is_left:
            raise RestoreRejectedError(_CHANGED)


def _without_secrets(spec: HandlerSpec, config: Mapping[str, object]) -> Mapping[str, object]:
    secrets = {declared.key for declared in spec.fields if declared.kind is FieldKind.SECRET}
    return {key: value for key, value in config.items() if key not in secrets and value is not None}
