"""notify, tested on a real PostgreSQL and a real mail server."""
