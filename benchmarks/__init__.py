"""How fast Movy is, as ratios: against the bare database driver, and against a view that does nothing. `make bench`
runs them on a MariaDB and a Redis of its own; docs/performance.md tells how to read what they print."""
