"""Plugins: how they are declared, loaded, enabled per tenant and configured."""
