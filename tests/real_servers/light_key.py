"""A key of a restic repository that opens it at once: restic's own take half a second, in each call."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.poly1305 import Poly1305

_LIGHT = {"N": 2, "r": 1, "p": 1}
_NONCE = _TAG = 16
_ENCRYPTION, _KEYS = 32, 64


def lighten(repository: Path, password: str) -> None:
    """Put a key in place of the only one that holds the same for the same password."""
    (file,) = (repository / "keys").iterdir()
    key: dict[str, Any] = json.loads(file.read_text())
    sealed = base64.b64decode(key["data"])
    encryption, _authentication = _keys(key, password)
    opened = _crypted(encryption, sealed[:_NONCE], sealed[_NONCE:-_TAG])
    key |= _LIGHT
    content = json.dumps(key | {"data": base64.b64encode(_sealed(_keys(key, password), opened)).decode()}).encode()
    file.unlink()
    file.with_name(hashlib.sha256(content).hexdigest()).write_bytes(content)


def _keys(key: Mapping[str, Any], password: str) -> tuple[bytes, bytes]:
    """Return what encrypts, and what authenticates."""
    salt = base64.b64decode(key["salt"])
    derived = Scrypt(salt=salt, length=_KEYS, n=key["N"], r=key["r"], p=key["p"]).derive(password.encode())
    return derived[:_ENCRYPTION], derived[_ENCRYPTION:]


def _crypted(key: bytes, nonce: bytes, content: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor().update(content)


def _sealed(keys: tuple[bytes, bytes], content: bytes) -> bytes:
    encryption, authentication = keys
    nonce = os.urandom(_NONCE)
    encrypted = _crypted(encryption, nonce, content)
    block, clamped = authentication[:16], authentication[16:]
    # Poly1305-AES: one half of its key is the nonce, encrypted.
    mask = Cipher(algorithms.AES(block), modes.ECB()).encryptor().update(nonce)
    return nonce + encrypted + Poly1305.generate_tag(clamped + mask, encrypted)
