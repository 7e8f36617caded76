"""The append-only trail: who did what, and the domain events that plugins react to."""
