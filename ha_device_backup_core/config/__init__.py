"""Configurations: from what was entered to checked values."""
