"""Tenants (租户): the hierarchy city → district → town or street, its codes and its changes."""
