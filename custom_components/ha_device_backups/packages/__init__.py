"""Handler packages that a person installs from the UI: what is asked for, how it is installed, and that it stays so."""
