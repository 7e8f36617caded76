"""幂等 (idempotency): a retried mutation answers its first result, and has its effect once."""
