"""The faults that a test can switch on."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Faults:
    """Each count is how many of the next answers go wrong; `on` says of which: the beginning of a path or an action."""

    on: str = ""
    hang: int = 0
    """No answer until the box is told to let go, the connection stays open."""
    drop: int = 0
    """The connection is closed without an answer."""
    break_off: int = 0
    """The body ends early, and the connection with it."""
    web_page: int = 0
    """An HTML page with status 200."""
    empty: int = 0
    """An empty body with status 200."""
    truncate: int = 0
    """A shorter body that is a whole answer for HTTP."""
    flip: int = 0
    """One letter of a setting is another one: the checksum does not fit."""
    huge: int = 0
    """A body that does not end for 80 MiB."""
    redirect: int = 0
    """To another box."""
    busy: int = 0
    """HTTP 503."""
    proxy: int = 0
    """HTTP 401 of something in front."""
    gone: int = 0
    """HTTP 500 without words."""
    entities: int = 0
    """XML with a document type that would grow without end."""
    expire: int = 0
    """The address is no longer good when it is asked for."""
    fault: int = 0
    """Answers that are the fault `code`."""
    code: int = 501
    fault_status: int = 500
    """HTTP status of faults: 500, but 200 was seen as well."""
    foreign_url: str = ""
    """The address that an export is said to have, in place of the true one."""
    empty_url: int = 0

    def take(self, name: str, target: str) -> bool:
        """Use up one of a count, if the answer is meant."""
        left: int = getattr(self, name)
        if left <= 0 or not target.startswith(self.on):
            return False
        setattr(self, name, left - 1)
        return True
