"""Web pages where something else should be."""

_STARTS = (b"<!doctype", b"<html", b"<head", b"<?xml")


def is_web_page(content: bytes) -> bool:
    """Return whether this begins as a web page does."""
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_STARTS)
