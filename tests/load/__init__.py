"""A Movy in production's shape under a load of buyers, for tests that kill its parts."""
