"""What Home Assistant backups hold of ours, and what waits until one is made."""
