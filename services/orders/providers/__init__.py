"""Who orders asks outside the house: payment providers behind one port.

A room of its own because a provider is neither a door through which the world comes in (entrypoints) nor a
table (store): handlers know the port in port.py, and app.py decides which provider stands behind it.
"""
