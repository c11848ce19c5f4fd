"""A cache that outlives Redis."""
