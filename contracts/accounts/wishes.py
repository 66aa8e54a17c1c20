"""Bodies and answers of wish lists over HTTP (G-03, F-12).

GET    /people/me/wishes      wish_list, visitor  -> Wishes
POST   /people/me/wishes      wish_list, visitor  <- WishesAdded -> Wishes
DELETE /people/me/wishes/{event}      the same    -> Wishes
PUT    /people/me/wish-kinds  wish_list, visitor  <- WishKinds -> Wishes
POST   /people/me/wish-link   wish_list, visitor  -> Wishes, with a new link; an older one ends
DELETE /people/me/wish-link   wish_list, visitor  -> Wishes
POST   /wish-lists            wish_list, open     <- ReadWishList -> SharedWishes, proved by its token
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.accounts.events import WishKind
from contracts.envelope import Model
from contracts.personal import Category, Personal

MOST_WISHES = 50
Wished = Annotated[UUID, Personal(Category.CHOICE)]
LinkToken = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


class WishLink(Model):
    """A link by which others read the list, and until when; it says nothing of whose list it is."""

    token: LinkToken
    expires_at: datetime


class Wishes(Model):
    """What somebody wants to see, longest wished for first, and of what they want to hear about it.

    Whether anything is mailed is a choice of its own, for the purpose wish_reminders.
    """

    events: tuple[Wished, ...]
    kinds: tuple[WishKind, ...]
    link: WishLink | None = None


class WishesAdded(Model):
    """Events to put on the list; those that stand on it stay."""

    events: Annotated[tuple[Wished, ...], Field(min_length=1, max_length=MOST_WISHES)]


class WishKinds(Model):
    """Of what somebody wants to hear."""

    kinds: Annotated[tuple[WishKind, ...], Field(max_length=3)]


class ReadWishList(Model):
    """The token of a shared list."""

    token: LinkToken


class SharedWishes(Model):
    """Somebody's list: nothing but events."""

    events: tuple[Wished, ...]
