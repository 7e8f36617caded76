"""The case graph (案件): disputes, cases, responses, and what happens in them."""
