"""What follows the manager and Home Assistant for as long as both run."""
