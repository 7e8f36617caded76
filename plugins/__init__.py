"""The built-in plugins, one folder each. A plugin imports `core.sdk` only, and no other plugin."""
