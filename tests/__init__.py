"""What a user would notice, checked."""
