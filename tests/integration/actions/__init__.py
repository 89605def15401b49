"""The actions of automations."""
