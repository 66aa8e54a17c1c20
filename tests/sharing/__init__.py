"""sharing, tested on a real PostgreSQL against the real receiver."""
