"""Bodies and answers about people who asked to be shielded (F-70).

Routes, for the purpose protection:
    GET    /protections                  privacy_officer -> Protections
    GET    /people/{subject}/protection  privacy_officer -> Protection
    PUT    /people/{subject}/protection  privacy_officer <- Protect -> Protection; again after a look
    DELETE /people/{subject}/protection  privacy_officer -> 204; a proof of the last minutes
    GET    /people/{subject}/name        supervisor|privacy_officer -> ShieldedName
"""

from datetime import date, datetime
from typing import Annotated, Literal

from contracts.envelope import Model
from contracts.personal import Category, Personal, PersonName, SubjectId

ShieldReason = Annotated[Literal["threat", "known", "order"], Personal(Category.CASE)]
"""Somebody may look for them, everybody knows them, or a court or the police asks for it: no more is kept."""


class Protect(Model):
    """A person asks to be shielded, and why in one word."""

    reason: ShieldReason


class Protection(Model):
    """Somebody is shielded; on `review_on` somebody asks whether that is still wanted."""

    subject: SubjectId
    reason: ShieldReason
    since: datetime
    review_on: date
    due: bool


class Protections(Model):
    """Whoever is shielded, by the day on which somebody looks again; no names."""

    protections: tuple[Protection, ...]


class ShieldedName(Model):
    """The name of somebody who is shielded, for whoever needs it now."""

    subject: SubjectId
    name: PersonName
