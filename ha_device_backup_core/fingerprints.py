"""Fingerprints of keys, as people compare them; pure."""

import base64
import re

_SSH = re.compile(r"\s*SHA256:([A-Za-z0-9+/]{43})=?\s*")


def certificate_fingerprint(sha256: str) -> str:
    """Return the digits of a SHA-256 in groups, the same wherever people compare them."""
    digits = sha256.replace(":", "").upper()
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def ssh_fingerprint(sha256: str) -> str:
    """Return the digits of a SHA-256 as programs for SSH show them; what is none stays as it is."""
    try:
        return f"SHA256:{base64.b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"
    except ValueError:
        return sha256


def sha256_of_ssh(fingerprint: str) -> str | None:
    """Return the digits of a fingerprint as programs for SSH show it; None for what is none."""
    found = _SSH.fullmatch(fingerprint)
    return None if found is None else base64.b64decode(f"{found[1]}=").hex()
