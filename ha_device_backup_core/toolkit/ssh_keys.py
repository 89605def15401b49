"""Private keys of SSH, read as leniently as people paste them; pure."""

import re

from ..errors import ConfigError
from ..text import Text, _

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)-----([\s\S]*)-----END \1-----")
_LEGACY = re.compile(r"\s*Proc-Type:\s*4,ENCRYPTED\s*DEK-Info:\s*([A-Z0-9-]{1,30}),([0-9A-Fa-f]+)")
_IV_DIGITS = {"AES": 32, "DES": 16}
_LINE = 64


def tidy_private_key(text: str, field: str = "private_key") -> str:
    """Return a private key with the lines that it had before it went through a field of one line.

    Raises ConfigError of the field for what is no private key.
    """
    found = _BLOCK.search(text)
    if found is None:
        raise ConfigError(field, _not_private(text))
    kind, inner = found[1], found[2].strip()
    head, body = _head_of(inner)
    body = re.sub(r"\s+", "", body)
    if not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", body):
        raise ConfigError(field, _("It is damaged. Paste the whole file, with its first and last line."))
    lines = [body[start : start + _LINE] for start in range(0, len(body), _LINE)]
    return "\n".join([f"-----BEGIN {kind}-----", *head, *lines, f"-----END {kind}-----", ""])


def _head_of(inner: str) -> tuple[list[str], str]:
    """Return the header lines of an old encrypted key, and the rest."""
    found = _LEGACY.match(inner)
    if found is None:
        return [], inner
    cipher = found[1].upper()
    digits = next((count for name, count in _IV_DIGITS.items() if name in cipher), 32)
    start = found.start(2)
    head = ["Proc-Type: 4,ENCRYPTED", f"DEK-Info: {cipher},{inner[start : start + digits].upper()}", ""]
    return head, inner[start + digits :]


def _not_private(text: str) -> Text:
    if text.lstrip().startswith("PuTTY-User-Key-File"):
        return _("This is a key of PuTTY. Convert it in PuTTYgen: Conversions, Export OpenSSH key.")
    if re.match(r"\s*(?:ssh-|ecdsa-)", text):
        return _("This is the public key. Paste the private one, which begins with -----BEGIN.")
    return _("It has to begin with -----BEGIN and end with PRIVATE KEY-----.")
