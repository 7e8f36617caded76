"""The plugin's branch of revisions."""
