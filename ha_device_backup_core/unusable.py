"""Why a handler package cannot be used, in the words of everybody who is told."""

from typing import Self

from .errors import ProblemKind
from .text import Text, in_language

ASK_AUTHOR: Text = {
    "en": "Update it, or report this to its author.",
    "de": "Aktualisiere es, oder melde das seinem Autor.",
}
_LONGEST = 300


class UnusableError(Exception):
    """Why a package or one of its handlers cannot be used."""

    def __init__(self, kind: ProblemKind, message: Text, handler_kind: str | None = None) -> None:
        """Keep what `Problem` needs; `handler_kind` where only the handler of that kind is concerned."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.handler_kind = handler_kind

    @classmethod
    def worded(cls, kind: ProblemKind, en: str, de: str, /, **values: Text) -> Self:
        """Return the error in both languages, with the values filled in."""
        return cls(
            kind,
            {
                language: template.format(**{name: in_language(value, language) for name, value in values.items()})
                for language, template in (("en", en), ("de", de))
            },
        )

    def about(self, handler_kind: str | None) -> "UnusableError":
        """Return the same error about the handler of a kind."""
        return UnusableError(self.kind, self.message, handler_kind)


def words_of(error: BaseException) -> str:
    """Return the type of an error of foreign code and what it says, in one line of bounded length."""
    name = type(error).__name__
    try:
        said = " ".join(str(error)[: 2 * _LONGEST].split())
    except BaseException:  # noqa: BLE001 - foreign code again
        said = ""
    return f"{name}: {said[:_LONGEST]}" if said else name
