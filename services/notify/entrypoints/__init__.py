"""The three doors of notify: request, event, timer."""
