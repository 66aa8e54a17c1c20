"""Bodies and answers of the desk at which staff look somebody up, for a reason (G-64, G-71).

Routes, for keeping_choices and questions, box_office|supervisor|privacy_officer:
    POST /people/search     <- FindSubject -> FoundPeople
    GET  /people/{subject}  -> PersonAtDesk
"""

from datetime import datetime

from contracts.accounts.api import Choice
from contracts.envelope import Model
from contracts.personal import PersonName, SubjectId


class FoundPerson(Model):
    """A person who was looked up. Without a `name` they are shielded: staff help them and read none."""

    subject: SubjectId
    name: PersonName | None
    known_since: datetime


class FoundPeople(Model):
    """The persons who wrote from an address, the newest first: guests are a person per order."""

    people: tuple[FoundPerson, ...]


class PersonAtDesk(FoundPerson):
    """One person, with every choice as it stands."""

    choices: tuple[Choice, ...]
