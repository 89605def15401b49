"""What another integration knows of a device, and what a person has to enter beside it."""

from collections.abc import Mapping
from types import MappingProxyType

from ha_device_backup_core import AuthenticationError, ConfigField, DeviceBackupError, HandlerSpec

from ..forms.handler_fields import fields_to_ask, optional, shown_fields, wrong_field

_NOTHING: Mapping[str, object] = MappingProxyType({})


class KnownFields:
    """Asks only for what is not known, and for everything once that turns out to be wrong."""

    def __init__(
        self, spec: HandlerSpec, found: Mapping[str, object] | None = None, copied: Mapping[str, object] = _NOTHING
    ) -> None:
        """Take what is known without secrets, None for nothing, and the secrets that the person agreed to use.

        The browser never gets those.
        """
        self._spec = spec
        self._found = found or _NOTHING
        self._copied = copied
        self._to_ask = None if found is None else fields_to_ask(spec, {**found, **copied})
        """What is not known; None where everything is asked."""

    @property
    def asks_nothing(self) -> bool:
        """Return whether the device can be asked with what is known."""
        return self._to_ask == []

    @property
    def asked(self) -> list[ConfigField]:
        """Return the fields to enter."""
        if self._to_ask is not None:
            return self._to_ask
        return [
            optional(declared) if declared.key in self._copied else declared for declared in shown_fields(self._spec)
        ]

    def suggested(self, config: Mapping[str, object]) -> dict[str, object]:
        """Return what the fields hold when the form opens."""
        return {key: value for key, value in config.items() if key not in self._copied}

    def with_known(self, entered: Mapping[str, object]) -> dict[str, object]:
        """Return what was entered with what is not asked for."""
        return {**({} if self._to_ask is None else self._found), **self._copied, **entered}

    def after(self, error: DeviceBackupError, config: Mapping[str, object]) -> dict[str, object]:
        """Return what of a configuration still counts after an error, and ask for more where it was about that."""
        if self._to_ask is not None:
            wrong = wrong_field(self._spec, error, config)
            if isinstance(error, AuthenticationError) or wrong not in self._to_ask:
                self._to_ask = None
        left = self.suggested(config) if isinstance(error, AuthenticationError) else dict(config)
        self._copied = {key: value for key, value in self._copied.items() if left.get(key) == value}
        return left
