"""The other servers, each a program of its own that answers the operations with the same JSON."""
