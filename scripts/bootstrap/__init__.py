"""Gets a bare machine ready for the repository's commands, with nothing but the standard library of Python 3.11."""
