"""Programs that the administrator of the agent allows, whose output is a backup."""
