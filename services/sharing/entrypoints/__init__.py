"""The three doors of sharing: request, event, timer."""
