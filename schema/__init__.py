"""The one GraphQL schema: the engine that composes, plans, limits and prints it. It knows no slice of the core."""
