"""What is declared of the schema, as plain data: `schema.declare` writes it, `schema.planner` and `schema.build` read it."""
