"""The projects that are compared: the same Django, database, cache and server; what differs is in their settings."""
