"""Where a package tells what is new in it."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit

_LABELS = ("releasenotes", "changelog", "changes", "history", "releases", "homepage", "repository", "source")
"""The best first, as authors write them without blanks and capitals."""


def release_url(name: str) -> str | None:
    """Return the address that the metadata of an installed package names; blocking."""
    try:
        about = metadata(name)
    except (PackageNotFoundError, FileNotFoundError):
        return None  # It is not there, or on its way in or out.
    return best_address([*(about.get_all("Project-URL") or ()), f"homepage, {about.get('Home-page') or ''}"])


def best_address(lines: Iterable[str]) -> str | None:
    """Return where to read of changes, of lines as `Changelog, https://example.com`; pure."""
    found: dict[str, str] = {}
    for line in lines:
        label, _, address = line.partition(",")
        if _is_web(address.strip()):
            found.setdefault("".join(filter(str.isalnum, label)).lower(), address.strip())
    return next((found[label] for label in _LABELS if label in found), None)


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
    except ValueError:
        return False
