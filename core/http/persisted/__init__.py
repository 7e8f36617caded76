"""持久化查询 (persisted operations): requests that name a document instead of sending it."""
