"""The steps of the config flow and the options flow, one way through them a file."""
