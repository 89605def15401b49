"""The forms: fields of handlers, options, and files."""
