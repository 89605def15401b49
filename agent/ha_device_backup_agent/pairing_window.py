"""The time in which one client may come in with a code that was shown to a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ha_device_backup_core.host import wire

from .clients import Clients
from .data_folder import DataFolder

WINDOW_SECONDS = 15 * 60
MOST_GUESSES = 5
_WINDOW = "pairing.json"
_LOCK = "pairing.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRequest:
    """What a client shows to come in."""

    client: str
    nonce: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a client gets: a token, and the proof that it comes from who showed the code."""

    token: str
    proof: str


class PairingWindow:
    """Opened by a command, closed by the first client, by time, or by wrong guesses; outlives the server."""

    def __init__(self, folder: DataFolder, *, now: Callable[[], float] = time.time) -> None:
        """Take where it is kept, and a clock."""
        self._folder = folder
        self._now = now

    def open(self) -> str:
        """Open it anew, and return the code."""
        code = wire.new_code()
        with self._folder.exclusively(_LOCK):
            until = self._now() + WINDOW_SECONDS
            self._folder.write(_WINDOW, {"code": code, "until": until, "guesses": MOST_GUESSES})
        return code

    def admit(self, request: PairingRequest, clients: Clients, certificate_sha256: str) -> Admission | None:
        """Let a client in that knows the code; a guess is spent before anybody learns whether it was right."""
        with self._folder.exclusively(_LOCK):
            code = self._spend()
            if code is None or not wire.proves(request.proof, code, "client", request.nonce, certificate_sha256):
                return None
            token = clients.add(request.client)
            self._folder.remove(_WINDOW)
        return Admission(token=token, proof=wire.proof(code, "agent", request.nonce, certificate_sha256))

    @property
    def is_open(self) -> bool:
        """Return whether a client may come in."""
        match self._folder.read(_WINDOW):
            case {"code": str(), "until": int() | float() as until, "guesses": int() as guesses}:
                # A clock that was set back does not open it for longer.
                return guesses > 0 and 0 < until - self._now() <= WINDOW_SECONDS
        return False

    def _spend(self) -> str | None:
        document = self._folder.read(_WINDOW)
        if document is None:
            return None
        if not self.is_open:
            self._folder.remove(_WINDOW)
            return None
        guesses = document["guesses"]
        left = guesses - 1 if isinstance(guesses, int) else 0
        self._folder.write(_WINDOW, {**document, "guesses": left})
        return str(document["code"])
