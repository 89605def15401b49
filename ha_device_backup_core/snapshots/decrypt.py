"""Decrypts archives in Home Assistant's backups, by the library that it encrypts them with."""

from typing import IO, TYPE_CHECKING, cast

from ha_device_backup_core.errors import SnapshotError, SnapshotPasswordError
from ha_device_backup_core.snapshot_files import ENCRYPTED_START
from ha_device_backup_core.tar_stream import TarError, TarSource
from ha_device_backup_core.text import Text, _

from .sources import PIECE

if TYPE_CHECKING:
    from securetar import DecryptReader

_SIZE = slice(16, 24)
FIRST_BYTES = _SIZE.stop
_NEWEST = 3
_SHOWS_WRONG_PASSWORD = 3
"""From this version on the header tells a wrong password from damage."""
_DAMAGED: Text = _("What is encrypted in it is damaged or cut off.")
WRONG_OR_DAMAGED: Text = _(
    "The password is wrong, or the backup is damaged: one that was encrypted in this way does not tell which."
)


class Decrypted:
    """What is in an encrypted archive; a wrong password is found when the first bytes are read."""

    def __init__(self, source: TarSource, size: int, start: bytes, password: str) -> None:
        """Take the archive at its beginning, its size, and its first bytes; nothing is read yet."""
        self._source = source
        self._size = size
        self._password = password
        is_marked = start.startswith(ENCRYPTED_START)
        self._version = start[len(ENCRYPTED_START)] if is_marked else 1
        self._left = int.from_bytes(start[_SIZE]) if is_marked else None
        self._reader: DecryptReader | None = None
        self._held = b""

    @property
    def distinguishes_damage(self) -> bool:
        """Return whether a wrong password and damage are two things."""
        return self._version >= _SHOWS_WRONG_PASSWORD

    def read(self, size: int, /) -> bytes:
        """Return the next bytes; raises TarError where it is damaged, SnapshotError where it cannot be decrypted."""
        if not self._held:
            self._held = self._next()
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def _next(self) -> bytes:
        if self._version > _NEWEST:
            raise SnapshotError(_("It is encrypted in a way that is newer than this version. Update Device Backups."))
        if self._left == 0:
            return b""
        piece = self._decrypted()
        if self._left is None:
            return piece
        if not piece:
            raise TarError(_DAMAGED)
        # What was padded behind its end on the way is no part of it.
        piece = piece[: self._left]
        self._left -= len(piece)
        return piece

    def _decrypted(self) -> bytes:
        try:
            if self._reader is None:
                self._reader = self._opened()
            return self._reader.read(PIECE)
        except (SnapshotError, TarError):
            raise
        except Exception as error:
            # What libraries raise for bytes of strangers is up to them, and each means the same.
            raise TarError(_DAMAGED) from error

    def _opened(self) -> "DecryptReader":
        try:
            import securetar  # noqa: PLC0415 - an extra, and slow to import
        except ImportError as error:
            raise SnapshotError(
                _("It is encrypted. Install: pip install 'ha-device-backup-core[snapshots]'")
            ) from error
        stream = securetar.SecureTarDecryptStream(
            cast("IO[bytes]", self._source),
            ciphertext_size=self._size,
            root_key_context=securetar.SecureTarRootKeyContext(self._password),
        )
        try:
            return stream.__enter__()
        except securetar.InvalidPasswordError as error:
            raise SnapshotPasswordError(_("The password is wrong.")) from error
