"""The fingerprint of an artifact: equal fingerprints mean that nothing changed."""

import hashlib
from collections.abc import Iterable, Mapping

from ..contract import Note

_HEADER = b"ha-device-backup fingerprint 1"


def fingerprint(files: Mapping[str, bytes], notes: Iterable[Note]) -> str:
    """Return the digest over normalised files and the codes of what is missing or in doubt, whatever their order."""
    digest = hashlib.sha256(_HEADER)
    digest.update(_length(len(files)))
    for name in sorted(files):
        _add(digest, name.encode())
        _add(digest, files[name])
    codes = sorted({note.code for note in notes})
    digest.update(_length(len(codes)))
    for code in codes:
        _add(digest, code.encode())
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", part: bytes) -> None:
    digest.update(_length(len(part)))
    digest.update(part)


def _length(value: int) -> bytes:
    return value.to_bytes(8)
