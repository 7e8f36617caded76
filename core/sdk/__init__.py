"""All that a plugin may import. What stands in an `__all__` here keeps its name and meaning; anything else of the core may change.

`docs/sdk.md` lists it, written by machine.
"""
