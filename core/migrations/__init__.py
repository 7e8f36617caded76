"""The core's migrations: the branch `core`. A plugin's migrations are a branch of its own that depends on it."""
