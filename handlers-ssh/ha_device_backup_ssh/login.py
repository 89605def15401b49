"""How one logs in, from what was entered; keys are read as leniently as people paste them; pure but for the work."""

import base64
from dataclasses import dataclass, field

from ha_device_backup_core import Config


@dataclass(frozen=True, slots=True)
class SshLogin:
    """Who logs in, and by what."""

    username: str
    password: str | None = field(repr=False)
    key: str | None = field(repr=False)
    """The private key, as text."""
    passphrase: str | None = field(repr=False)

    @classmethod
    def of(cls, config: Config) -> "SshLogin":
        """Return the login that was entered."""
        return cls(
            str(config["username"]),
            _text(config, "password"),
            _text(config, "private_key"),
            _text(config, "passphrase"),
        )

    @property
    def is_complete(self) -> bool:
        """Whether there is anything to log in with."""
        return self.password is not None or self.key is not None


def _text(config: Config, key: str) -> str | None:
    value = config.get(key)
    return value if isinstance(value, str) and value else None


def sha256_of(fingerprint: str) -> str:
    """Return the digits of a fingerprint as SSH writes it: SHA256: and Base64."""
    encoded = fingerprint.removeprefix("SHA256:")
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).hex()
