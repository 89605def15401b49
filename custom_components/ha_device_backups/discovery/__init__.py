"""Devices that are on the network, or known to other integrations."""
