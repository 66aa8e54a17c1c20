"""What goes wrong around us: classes that every part of the chassis can name without importing another."""


class DatabaseAway(Exception):
    """The database cannot be reached, or broke the connection: 503 at the web door, a pause at the bus."""


class PurposeRefused(Exception):
    """A purpose that the charter does not know, or a role that may not act for it: 403 at the web door.

    `slug` names the problem document; nothing about the actor goes into the message.
    """

    def __init__(self, purpose: str, role: str) -> None:
        super().__init__(f"purpose {purpose} refused to role {role}")
        self.purpose = purpose
        self.role = role
        self.slug = "purpose-refused"


class PublishRefused(Exception):
    """The broker did not take a message, or we cannot know whether it did: publish again, the inbox decides.

    `reason` is one of: returned (no queue is bound), refused (permission or limit), away, timeout.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
