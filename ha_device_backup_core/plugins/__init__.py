"""Handler packages: found, imported one by one, and kept in a registry."""
