"""The core: the tenant hierarchy, the case graph, and what every plugin stands on. It never imports a plugin."""
