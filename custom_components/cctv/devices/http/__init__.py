"""All HTTP between us and boxes; nobody else speaks it."""
