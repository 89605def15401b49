"""Values that are entered with options: as they are, or from a file."""

from pathlib import Path

from ...translation import _
from .options import UsageError

_LARGEST = 64 * 1024


def read_value(text: str) -> str:
    """Return the text, or what is in the file that `@FILE` names; `@@` stands for one `@`. Raises UsageError."""
    if not text.startswith("@") or text.startswith("@@"):
        return text.removeprefix("@")
    try:
        with Path(text[1:]).expanduser().open("rb") as file:
            # Some editors begin with a mark of the encoding.
            return file.read(_LARGEST).decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(_("{file} cannot be read.", file=text[1:])) from error
