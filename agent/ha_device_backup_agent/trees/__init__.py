"""Trees of files that are too large for Home Assistant: pulled by rsync, kept in a repository of restic."""
