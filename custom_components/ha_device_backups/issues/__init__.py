"""Repairs: made, taken back, and worked off in a form."""
