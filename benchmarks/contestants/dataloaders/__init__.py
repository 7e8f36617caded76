"""Strawberry as its documentation shows it: a type for each row, a DataLoader for each relation, over asyncpg."""
