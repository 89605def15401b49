"""The confirmation at the box: started by an action, given by a button or a phone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from . import canaries

BLOCKED_SECONDS = 3600.0
WAITING_SECONDS = 180.0


@dataclass(slots=True, kw_only=True)
class Confirmation:
    """One at a time; too many that nobody gives block all for an hour."""

    clock: Callable[[], float]
    enabled: bool = True
    methods: str = "button,dtmf;*14048"
    polls_until_pressed: int | None = None
    """After so many questions somebody presses a button; None is nobody."""
    most_absent: int = 5
    exports_for_one: int = 10
    """How many exports one confirmation is good for."""
    state: str = "stopped"
    token: str = ""
    busy: bool = False
    """Somebody else confirms something in the page of the box."""
    blocked_until: float = 0.0
    absent: int = 0
    started: int = 0
    stops: int = 0
    polls: int = 0
    _since: float = 0.0
    _exports: int = field(default=0)

    @property
    def is_blocked(self) -> bool:
        """Whether none is taken."""
        return self.clock() < self.blocked_until

    def start(self) -> tuple[str, str, str] | int:
        """Return state, token and methods, or the fault."""
        if not self.enabled:
            return "disabled", "", ""
        if self.is_blocked:
            return 867
        if self.busy:
            return "anotherauthprocess", "", ""
        if self.state == "waitingforauth":
            return 868
        self.started += 1
        self.state, self.polls, self._exports, self._since = "waitingforauth", 0, 0, self.clock()
        self.token = f"{canaries.TOKEN}-{secrets.token_hex(2).upper()}"
        return self.state, self.token, self.methods

    def stop(self) -> None:
        """End the one that is going on; one that nobody gave counts."""
        self.stops += 1
        self._give_up()

    def press_button(self) -> None:
        """Confirm."""
        if self.state == "waitingforauth":
            self.state = "authenticated"

    def poll(self, token: str) -> str:
        """Return the state to whoever shows the token."""
        self.polls += 1
        if self.state == "waitingforauth" and self.clock() - self._since > WAITING_SECONDS:
            self._give_up()
        if token != self.token:
            return "failure"
        if self.polls_until_pressed is not None and self.polls > self.polls_until_pressed:
            self.press_button()
        return self.state

    def fault(self, token: str) -> int | None:
        """Return the fault of an action that needs a confirmation, None where it may go on."""
        if not self.enabled:
            return None
        if self.is_blocked:
            return 867
        if token and token == self.token and self.state == "authenticated" and self._exports < self.exports_for_one:
            self._exports += 1
            return None
        return 866

    def _give_up(self) -> None:
        if self.state == "waitingforauth":
            self.absent += 1
            self.state = "stopped"
            if self.absent >= self.most_absent:
                self.blocked_until, self.state = self.clock() + BLOCKED_SECONDS, "blocked"
        elif self.state == "authenticated":
            self.state = "stopped"
