"""The feed of domain events (领域事件流): every committed event reaches every API process, in order, with nothing missed.

Events are rows, written in the act's transaction. PostgreSQL's NOTIFY only says that there are new ones; the rows are read
afterwards, by snapshots, so neither a lost connection nor a transaction that commits late makes a gap
(docs/decisions/0016-events-by-snapshot.md).
"""
