"""The nation's cases, made by PostgreSQL itself, set by set: for plans and times, not for meaning."""
