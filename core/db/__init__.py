"""The database: roles, row-level security, typed sessions, migrations' frame, and the embedded server."""
