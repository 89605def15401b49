"""Who may use this agent: a token each, of which only a hash is kept."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from .data_folder import DataFolder, DataFolderError, of_another_version
from .translation import _

_CLIENTS = "clients.json"
_LOCK = "clients.lock"
_SCHEMA = 1
MOST_CLIENTS = 50
type _Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedClient:
    """One that may use this agent."""

    client_id: str
    name: str
    paired_at: str
    token_sha256: str


class Clients:
    """The list, which commands change while the server runs."""

    def __init__(self, folder: DataFolder) -> None:
        """Take where it is kept."""
        self._folder = folder
        self._seen: _Mark | None = None
        self._by_hash: dict[str, PairedClient] = {}

    def all(self) -> list[PairedClient]:
        """Return all, the oldest first."""
        document = self._folder.read(_CLIENTS)
        if document is None:
            return []
        entries = document.get("clients")
        if document.get("schema") != _SCHEMA or not isinstance(entries, list):
            raise of_another_version(self._folder.path / _CLIENTS)
        try:
            return [
                PairedClient(
                    client_id=str(entry["id"]),
                    name=str(entry["name"]),
                    paired_at=str(entry["paired_at"]),
                    token_sha256=str(entry["token_sha256"]),
                )
                for entry in entries
            ]
        except (LookupError, TypeError) as error:
            raise of_another_version(self._folder.path / _CLIENTS) from error

    def add(self, name: str) -> str:
        """Let one in, and return its token; that is on the disk as a hash before anybody hears it."""
        token = secrets.token_urlsafe(32)
        client = PairedClient(
            client_id=uuid.uuid4().hex[:12],
            name=name,
            paired_at=datetime.now(UTC).isoformat(timespec="seconds"),
            token_sha256=_hash(token),
        )
        with self._folder.exclusively(_LOCK):
            known = self.all()
            if len(known) >= MOST_CLIENTS:
                raise DataFolderError(_("There are as many clients as there may be. Revoke one."))
            self._write([*known, client])
        return token

    def revoke(self, client_id: str) -> bool:
        """Keep one out from now on; return whether there was such a client."""
        with self._folder.exclusively(_LOCK):
            known = self.all()
            left = [client for client in known if client.client_id != client_id]
            if len(left) < len(known):
                self._write(left)
            return len(left) < len(known)

    def of_token(self, token: str) -> PairedClient | None:
        """Return whose token that is."""
        return self._current().get(_hash(token))

    def ids(self) -> set[str]:
        """Return the ids of all that may use this agent now."""
        return {client.client_id for client in self._current().values()}

    def _current(self) -> dict[str, PairedClient]:
        """Return all by their hashes; read again only after a command changed them."""
        try:
            stat = (self._folder.path / _CLIENTS).stat()
        except FileNotFoundError:
            self._seen, self._by_hash = None, {}
            return self._by_hash
        mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if mark != self._seen:
            self._by_hash = {client.token_sha256: client for client in self.all()}
            self._seen = mark
        return self._by_hash

    def _write(self, clients: list[PairedClient]) -> None:
        entries = [
            {
                "id": client.client_id,
                "name": client.name,
                "paired_at": client.paired_at,
                "token_sha256": client.token_sha256,
            }
            for client in clients
        ]
        self._folder.write(_CLIENTS, {"schema": _SCHEMA, "clients": entries})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
