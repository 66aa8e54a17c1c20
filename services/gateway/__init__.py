"""The front door: pages and API."""
