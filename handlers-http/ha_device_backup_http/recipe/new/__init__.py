"""`ha-device-backup recipe new`: begins a recipe from what a device answers."""
