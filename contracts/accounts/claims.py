"""A guest's order is kept in an account (G-02): proved by the link of its mail, never by an address.

Routes (purpose, roles):
    POST /account/guests  rights, open <- ClaimGuest -> Claimed, also where it was kept there before
"""

from typing import Annotated

from pydantic import Field

from contracts.accounts.api import LONGEST_TOKEN, Secret
from contracts.envelope import Model
from contracts.personal import SubjectId


class ClaimGuest(Model):
    """The session of whoever keeps the order, and the token of the link in the guest's mail."""

    secret: Secret
    link: Annotated[str, Field(max_length=LONGEST_TOKEN)]


class Claimed(Model):
    """The guest that belongs to the account now."""

    guest: SubjectId
