"""Files: names, sizes and digests in the database, bytes in an object store."""
