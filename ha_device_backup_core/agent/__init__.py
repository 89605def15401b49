"""Agents: servers that run handlers elsewhere; what both sides say to each other, and the side that asks."""
