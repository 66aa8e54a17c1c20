"""What somebody says against a purchase limit (W-46, Art. 22(3)): the body and answer of the door for it."""

from uuid import UUID

from contracts.envelope import Model
from contracts.personal import Email, FreeText, Locale, PersonName, Phone


class LimitContest(Model):
    """A person should look at what a limit decided about a hold: where to answer, and one's own view."""

    name: PersonName
    email: Email
    phone: Phone | None = None
    locale: Locale
    view: FreeText


class LimitContested(Model):
    """What will be looked at again, with the numbers that it went by. Asking again changes nothing."""

    decision: UUID
    most: int
    counted: int
    asked: int
