"""When a device is backed up, tried again, and what may be deleted; pure."""
