"""The agent of Device Backups: runs handlers for a Home Assistant elsewhere."""
