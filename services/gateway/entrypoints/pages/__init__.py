"""Pages for people, server-rendered; each works without a script."""
