"""A receiver of shared-attendee events, as an organiser would run it. It imports nothing of the house."""
