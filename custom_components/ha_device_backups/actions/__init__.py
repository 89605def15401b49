"""The actions of Home Assistant: what they are about, and what they respond."""
