"""Anything with a URL: a form, of whose settings a recipe is made."""
