"""How two sides that know the same code prove it to each other, over a connection that nobody vouches for yet.

Whoever stands between shows another certificate, so that each proof is made of the certificate, too. A code has 78
bits, which nobody tries out.
"""

import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is read as something else."""
_GROUPS, _GROUP = 4, 4
LONGEST_CODE = 64
_PURPOSE = b"ha-device-backup-agent pairing 1"
NONCE = "[0-9a-f]{64}"


def new_code() -> str:
    """Return a code as a person types it."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def bare_code(entered: str) -> str:
    """Return a code however it was typed."""
    return re.sub(r"[\s-]+", "", entered[:LONGEST_CODE]).upper()


def new_nonce() -> str:
    """Return what makes each proof another."""
    return secrets.token_hex(32)


def proof(code: str, side: str, nonce: str, certificate_sha256: str) -> str:
    """Return what only who knows the code can say, as that side, about that certificate."""
    said = b"\n".join((_PURPOSE, side.encode(), nonce.encode(), certificate_sha256.encode()))
    return hmac.new(bare_code(code).encode(), said, hashlib.sha256).hexdigest()


def proves(shown: str, code: str, side: str, nonce: str, certificate_sha256: str) -> bool:
    """Return whether a proof is right."""
    return hmac.compare_digest(shown.encode(), proof(code, side, nonce, certificate_sha256).encode())
