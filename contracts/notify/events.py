"""What notify says: what was sent, to whom by id."""

from typing import Annotated
from uuid import UUID

from contracts.envelope import Event
from contracts.personal import Category, Personal, SubjectId


class MessageSentV1(Event):
    """A message was handed to the mail server: proof of delivery, without its text or address."""

    topic = "notify.message.sent.v1"
    purposes = ("rights",)

    subject: SubjectId
    message: Annotated[UUID, Personal(Category.CORRESPONDENCE)]
    template: str
