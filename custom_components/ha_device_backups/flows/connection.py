"""The device that a person connects to in a flow: its handler, what was entered, and the question who it is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import (
    CertificateNotTrustedError,
    Config,
    DeviceBackupError,
    DeviceInfo,
    FieldKind,
    HandlerSpec,
    KeyPairOfferedError,
    Prompt,
)
from ha_device_backup_core.host import (
    DeviceBackupManager,
    RegisteredHandler,
    certificate_fingerprint,
    parse_config,
    ssh_fingerprint,
)

from ..const import DOMAIN
from ..forms.handler_fields import trusted_field
from .lasting import PATIENCE

type Ask = Callable[[DeviceBackupError | None], Awaitable[ConfigFlowResult]]
"""Shows the form again, with what was wrong."""
type Answered = Callable[[DeviceInfo], Awaitable[ConfigFlowResult]]
"""Goes on with a device that answered."""


class DeviceConnection:
    """What a flow knows of the device that it is about; whoever makes it says what comes after a question."""

    page: "asyncio.Task[DeviceInfo]"
    """The question who it is, which a page waits for."""

    def __init__(
        self,
        registered: RegisteredHandler,
        config: Mapping[str, object],
        *,
        ask: Ask,
        answered: Answered,
        changed: Callable[[], None],
    ) -> None:
        """Take the handler, and what is known of the configuration; call `changed` when the device wants something."""
        self.registered = registered
        self.config = dict(config)
        """What is being tried, certificate included."""
        self.ask = ask
        self.answered = answered
        self.prompt: Prompt | None = None
        """What the device wants from the person."""
        self._changed = changed
        self._trusted: tuple[object, object] = (None, None)
        """At which address the person trusted a certificate, and which."""
        self._offered: KeyPairOfferedError | None = None

    @property
    def spec(self) -> HandlerSpec:
        """Return what the handler declares."""
        return self.registered.spec

    async def async_has_answered_soon(
        self, hass: HomeAssistant, manager: DeviceBackupManager, config: Mapping[str, object]
    ) -> bool:
        """Ask the device at this configuration who it is, and return whether no page is needed to wait for it.

        Raises ConfigError.
        """
        self.config = dict(config)
        self.config = storable(parse_config(self.spec, config))
        self._trust_again()
        self.page = hass.async_create_task(
            manager.probe(self.registered.kind, self.config, agent=self.registered.agent, person=self),
            f"{DOMAIN} asks a device",
        )
        await asyncio.wait([self.page], timeout=PATIENCE)
        return self.page.done()

    def see_certificate(self, error: CertificateNotTrustedError) -> dict[str, str] | None:
        """Keep the certificate that was seen; return it and the one before for people, None where none is kept."""
        declared = trusted_field(self.spec)
        if declared is None:
            return None
        known = self.config.get(declared.key)
        self.config[declared.key] = error.sha256
        readable = _as_programs_do if declared.kind is FieldKind.HOST_KEY else readable_fingerprint
        return {"fingerprint": readable(error.sha256), "known": readable(str(known)) if known else ""}

    @property
    def trusts_host_key(self) -> bool:
        """Whether it is a host key of SSH that makes the device known, not a certificate."""
        declared = trusted_field(self.spec)
        return declared is not None and declared.kind is FieldKind.HOST_KEY

    def offer(self, error: KeyPairOfferedError) -> KeyPairOfferedError:
        """Return the pair of keys that a person is shown: the same one for as long as the flow lasts."""
        self._offered = self._offered or error
        return self._offered

    def trust(self) -> None:
        """Take the person's word for the certificate that was seen."""
        self._trusted = self._address(), self._certificate()

    def _trust_again(self) -> None:
        """Use the certificate that was trusted at this very address: nobody is asked twice about the same."""
        declared = trusted_field(self.spec)
        address, certificate = self._trusted
        if declared is not None and not self._certificate() and address == self._address():
            self.config[declared.key] = certificate

    def _certificate(self) -> object:
        declared = trusted_field(self.spec)
        return None if declared is None else self.config.get(declared.key)

    def _address(self) -> list[object]:
        kinds = (FieldKind.HOST, FieldKind.PORT, FieldKind.URL)
        return [self.config.get(field.key) for field in self.spec.fields if field.kind in kinds]

    @callback
    def show(self, prompt: Prompt | None) -> None:
        """Take what the device wants from the person in front of the flow."""
        self.prompt = prompt
        self._changed()

    @callback
    def leave(self) -> None:
        """Leave the device alone."""
        if hasattr(self, "page"):
            self.page.cancel()


def storable(config: Config) -> dict[str, object]:
    """Return a configuration as it comes back from Home Assistant's storage."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in config.items()}


def _as_programs_do(sha256: str) -> str:
    """Return a fingerprint as programs for SSH show it."""
    return f"`{ssh_fingerprint(sha256)}`"


def readable_fingerprint(sha256: str) -> str:
    """Return a fingerprint in two lines of groups, for people to compare."""
    groups = [f"`{group}`" for group in certificate_fingerprint(sha256).split()]
    return "\n".join(" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4))
