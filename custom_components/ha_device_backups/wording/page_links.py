"""Links to the page, in texts that are shown as Markdown."""

from ..translation import Phrases


def page_links(phrases: Phrases, *links: tuple[str, str]) -> str:
    """Return the links, each by its phrase and the path of its view, on one line."""
    return " · ".join(phrases(phrase, path=path) for phrase, path in links)
