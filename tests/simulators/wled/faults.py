"""The faults that a test can switch on."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Faults:
    """Each count is how many of the next requests (to `path`, where it says so) go wrong."""

    path: str = ""
    """Only requests whose path begins with it; counts apply to these alone."""
    anywhere: bool = False
    """The path may stand anywhere in the request, as that of a file does when the editor gives it."""
    delay: float = 0.0
    """Seconds that every answer takes."""
    hang: int = 0
    """No answer, the connection stays open."""
    drop: int = 0
    """The connection is closed without an answer."""
    truncate: int = 0
    """The body ends early, and the connection with it."""
    unreadable: str = ""
    """The file with this path breaks off wherever it is read: a bad block."""
    web_page: int = 0
    """An HTML page with status 200."""
    spoil: int = 0
    """The body is `spoiled`, with the status `spoiled_status`."""
    spoiled: bytes = b""
    spoiled_status: int = 200
    slow: int = 0
    """The body comes at `bytes_per_second`."""
    bytes_per_second: float = 15_000.0
    busy: int = 0
    """The JSON buffer is taken (before 16), or there are too many requests (16)."""
    torn: int = 0
    """A preset is saved while the files are read."""
    restless: int = 0
    """A usermod writes its file while the files are read."""
    lose_answer_to_upload: int = 0
    """The upload is done, but its answer is lost."""
    garble_upload: int = 0
    """The upload is written with a wrong byte, the answer is as ever."""
    forget_restart: int = 0
    """An upload of the configuration restarts nothing."""
    stay_away: bool = False
    """It does not come back from the next restart."""
    ignore_configuration: bool = False
    """The next restart goes on with the old configuration, as after a crash loop."""

    def take(self, name: str, path: str) -> bool:
        """Use up one of a count, if the path is meant."""
        count: int = getattr(self, name)
        is_meant = self.path in path if self.anywhere else path.startswith(self.path)
        if count <= 0 or not is_meant:
            return False
        setattr(self, name, count - 1)
        return True
