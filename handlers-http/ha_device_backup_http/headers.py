"""Names of headers; pure."""

import re

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_THE_CONNECTION = frozenset({"connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade"})


def is_header_name(name: str) -> bool:
    """Return whether a header may have that name."""
    return _NAME.fullmatch(name) is not None and name.lower() not in _OF_THE_CONNECTION
