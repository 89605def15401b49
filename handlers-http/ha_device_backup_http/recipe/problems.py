"""What is wrong with a recipe, for its author."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .positions import Place

_MOST_NAMES = 50
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeProblem:
    """One mistake: where it is, what is wrong, what would be right."""

    place: Place
    wrong: str
    right: str
    line: int = 1

    @property
    def key(self) -> str:
        """The keys that lead to it, as in the file."""
        return ".".join(str(part) for part in self.place if isinstance(part, str)) or "recipe"

    def __str__(self) -> str:
        """Return it on one line."""
        return " ".join(f"{self.line}: {self.key}: {self.wrong}; {self.right}".split())


class RecipeError(ValueError):
    """A recipe that cannot be used."""

    def __init__(self, name: str, problems: Sequence[RecipeProblem]) -> None:
        """Take the name of its file and all that is wrong with it."""
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.name = name
        self.problems = tuple(problems)


def known_names(wanted: str, known: Sequence[str]) -> str:
    """Return which name was probably meant, or all there are."""
    names = sorted(set(known))[:_MOST_NAMES]
    close = get_close_matches(wanted[:_LONGEST_NAME], names, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names) or 'none'}"
