"""Agents that ask devices: whether they answer, and which kinds they have."""
