"""Why a handler package cannot be used, in the words of everybody who is told."""

from ..package_problems import ProblemKind
from ..text import Message, Text, _

ASK_AUTHOR = _("Update it, or report this to its author.")
_LONGEST = 300
_LONGEST_LINE = 500
_MOST_MISTAKES = 100


class UnusableError(Exception):
    """Why a package or one of its handlers cannot be used."""

    def __init__(self, kind: ProblemKind, message: Text, handler_kind: str | None = None) -> None:
        """Keep what `Problem` needs; `handler_kind` where only the handler of that kind is concerned."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.handler_kind = handler_kind

    def about(self, handler_kind: str | None) -> "UnusableError":
        """Return the same error about the handler of a kind."""
        return UnusableError(self.kind, self.message, handler_kind)


def mistakes_of(error: BaseException) -> tuple[Text, ...]:
    """Return each mistake that an exception tells: the messages in it, else the lines of what it says."""
    if messages := tuple(said for said in error.args if isinstance(said, Message)):
        return messages[:_MOST_MISTAKES]
    lines = [line[:_LONGEST_LINE] for line in str(error).splitlines() if line.strip()]
    return tuple(lines[:_MOST_MISTAKES]) or (words_of(error),)


def words_of(error: BaseException) -> str:
    """Return the type of an error of foreign code and what it says, in one line of bounded length."""
    name = type(error).__name__
    try:
        said = " ".join(str(error)[: 2 * _LONGEST].split())
    except BaseException:  # noqa: BLE001 - foreign code again
        said = ""
    return f"{name}: {said[:_LONGEST]}" if said else name
