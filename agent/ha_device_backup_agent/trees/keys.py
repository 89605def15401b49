"""Keys of SSH: the pair that is made for a device, and the line that lets it read one folder and nothing else."""

import shlex
from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

from ha_device_backup_core import ConfigError
from ha_device_backup_core.toolkit import tidy_private_key

from ..translation import _

_COMMENT = "device-backups"


def made_key() -> str:
    """Return the private half of a new pair."""
    made = Ed25519PrivateKey.generate()
    return made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def tidy_key(text: str) -> str:
    """Return a private key as OpenSSH reads it, also after it went through a field of one line.

    Raises ConfigError for what is none, or has a passphrase.
    """
    pem = tidy_private_key(text)
    load = load_ssh_private_key if pem.startswith("-----BEGIN OPENSSH") else load_pem_private_key
    tidy = _as_openssh(pem.encode(), load)
    if tidy is None:
        raise ConfigError(
            "private_key",
            _("It is damaged, has a passphrase, or is of a kind that is not known. Leave it empty to get one made."),
        )
    return tidy


def _as_openssh(pem: bytes, load: Callable[[bytes, None], object]) -> str | None:
    """Return a key as OpenSSH writes it, None for what cannot be read or is of a kind that SSH has no use for."""
    try:
        key = load(pem, None)
        if isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey):
            return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    except (TypeError, ValueError, UnsupportedAlgorithm):
        pass
    return None


def public_half(private: str) -> str:
    """Return the public half of a tidy key, as one word for its kind and one for the key."""
    public = load_ssh_private_key(private.encode(), None).public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def authorized_line(private: str, folder: str, *, may_write: bool = False) -> str:
    """Return the line for the device's authorized_keys: the key then reaches that folder alone, and by rsync alone."""
    words = ["rrsync", *(() if may_write else ("-ro",)), folder]
    command = shlex.join(words).replace("\\", "\\\\").replace('"', '\\"')
    return f'restrict,command="{command}" {public_half(private)} {_COMMENT}'


def is_public_key(line: str) -> bool:
    """Return whether a kind and a key in Base64 are those of a key that can be read."""
    try:
        load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
