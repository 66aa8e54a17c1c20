"""The door for wish lists."""

from chassis.routes import Handle, Route
from chassis.work import Workplace
from contracts.accounts import wishes as api
from contracts.actors import Role
from contracts.envelope import Model
from services.accounts.handlers.add_wishes import AddWishes
from services.accounts.handlers.read_shared_wishes import ReadSharedWishes
from services.accounts.handlers.remove_wish import RemoveWish
from services.accounts.handlers.set_wish_kinds import SetWishKinds
from services.accounts.handlers.share_wishes import ShareWishes
from services.accounts.handlers.show_wishes import ShowWishes
from services.accounts.wish_links import WishLinks

OWN = ("wish_list", frozenset({Role.VISITOR}))


def wish_routes(work: Workplace, links: WishLinks) -> tuple[Route, ...]:
    """One's own list, and a list that somebody shows."""
    see, add, remove = ShowWishes(work, links), AddWishes(work, links), RemoveWish(work, links)
    return (
        _own("GET", "wishes", see, "What one wishes to see."),
        _own("POST", "wishes", add, "Put events on one's own wish list.", api.WishesAdded),
        _own("DELETE", "wishes/{event}", remove, "Take an event off."),
        _own("PUT", "wish-kinds", SetWishKinds(work, links), "Of what one wants to hear.", api.WishKinds),
        _own("POST", "wish-link", ShareWishes(work, links).share, "Show the list by a link."),
        _own("DELETE", "wish-link", ShareWishes(work, links).end, "End the link."),
        Route(
            "POST",
            "/wish-lists",
            "wish_list",
            frozenset(),
            ReadSharedWishes(work, links),
            body=api.ReadWishList,
            answer=api.SharedWishes,
            summary="A wish list that somebody shows.",
            open=True,
        ),
    )


def _own(method: str, path: str, handle: Handle, summary: str, body: type[Model] | None = None) -> Route:
    return Route(method, f"/people/me/{path}", *OWN, handle, body=body, answer=api.Wishes, summary=summary)
