"""A fresh installation: the reference data and tenants that every database begins with, and what `yingsu doctor` checks."""
