"""The words in which forms, entities, notifications and events say the same."""
