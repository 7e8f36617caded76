"""Closed error codes of the acts of the case graph: one enum an act, its labels in Chinese and English."""
