"""Recipes as a browser sends them."""

import base64


def recipe_file(name: str, content: str) -> dict[str, str]:
    """Return a file with that content."""
    return {"name": name, "content": base64.b64encode(content.encode()).decode()}
