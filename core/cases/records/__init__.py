"""The SQL of the case graph's acts: nothing else in the acts speaks to the database."""
