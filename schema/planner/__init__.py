"""From a selection set to one SQL statement that answers finished JSON."""
