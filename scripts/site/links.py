"""Links that lead to the right place on GitHub, made to lead there on the site."""

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

ADDRESS = "https://github.com/ha-device-backups/ha-device-backups"
_CODE = re.compile(r"(^ *```.*?^ *```|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<=\]\()(?P<target>[^)\s#]+)(?=[)#])")


def for_the_site(text: str, page: Path, places: Mapping[Path, Path], root: Path) -> str:
    """Return a page with links to pages of the site where there are such, and to the repository where not."""

    def leads(found: re.Match[str]) -> str:
        target = found["target"]
        in_repository = _in_repository(target, page)
        if in_repository is None:
            return target
        if (place := places.get(Path(in_repository))) is not None:
            return Path(os.path.relpath(place, places[page].parent)).as_posix()
        if in_repository.parent == PurePosixPath("docs/images"):
            return os.path.relpath(in_repository.relative_to("docs"), places[page].parent)
        kind = "tree" if (root / in_repository).is_dir() else "blob"
        return f"{ADDRESS}/{kind}/main/{in_repository}"

    parts = _CODE.split(text)
    return "".join(part if number % 2 else _LINK.sub(leads, part) for number, part in enumerate(parts))


def _in_repository(target: str, page: Path) -> PurePosixPath | None:
    """Return what a link leads to, as a path in the repository; None for all that is elsewhere."""
    for kind in ("blob", "tree"):
        if target.startswith(beginning := f"{ADDRESS}/{kind}/main/"):
            return PurePosixPath(target.removeprefix(beginning))
    if re.match(r"[a-z]+:", target):
        return None
    return PurePosixPath(os.path.normpath(page.parent / target))
