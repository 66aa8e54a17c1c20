"""What organisers see of their own, and people of who got their data."""

from __future__ import annotations

from uuid import UUID

from chassis.claims import guests_of
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.envelope import Model
from contracts.sharing.api import Agreements, Attendees, Deliveries, Disclosures, Endpoint, Recalls
from services.sharing.domain.purposes import ADMINISTRATION, DOOR_LIST
from services.sharing.store import agreements, attendees, deliveries, endpoint_secrets, ledger

RIGHTS = "rights"
MOST = 5_001
"""One more than what anybody may see at once, so that a list that is too long is refused and not cut off."""


class OfEvent(Model):
    """The door list of one event, or of all."""

    event: UUID | None = None


class Show:
    """The routes that read. An organiser's organisation comes from the token, never from the request."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def agreements(self, call: Call) -> Agreements | Refused:
        """GET /agreements."""
        organisation = call.actor.organisation
        async with self._work(ADMINISTRATION, call.actor, call.reason) as tx:
            assert organisation is not None, "the purpose is bound to an organisation"
            tx.saw_nobody()
            name = await agreements.name_of(tx, organisation)
            if name is None:
                return Refused("organisation-unknown")
            return Agreements(organisation_name=name, agreements=await agreements.shown(tx, organisation))

    async def endpoint(self, call: Call) -> Endpoint | Refused:
        """GET /endpoint: where messages go, and the end of the secret that signs them (W-60)."""
        organisation = call.actor.organisation
        async with self._work(ADMINISTRATION, call.actor, call.reason) as tx:
            assert organisation is not None, "the purpose is bound to an organisation"
            tx.saw_nobody()
            return await endpoint_secrets.shown(tx, organisation) or Refused("endpoint-unknown")

    async def attendees(self, call: Call) -> Attendees | Refused:
        """GET /attendees: name and seats only, for that is what the door list is for (G-31)."""
        asked: OfEvent = call.query
        organisation = call.actor.organisation
        async with self._work(DOOR_LIST, call.actor, call.reason) as tx:
            assert organisation is not None, "the purpose is bound to an organisation"
            if await agreements.is_suspended(tx, organisation):
                tx.saw_nobody()
                return Refused("organisation-suspended")
            listed = await attendees.at_the_door(tx, organisation, asked.event, MOST)
            refused = await tx.saw_many((subject for subject, _ in listed), asked.event)
            return refused or Attendees(attendees=tuple(one for _, one in listed))

    async def deliveries(self, call: Call) -> Deliveries:
        """GET /deliveries."""
        organisation = call.actor.organisation
        async with self._work(ADMINISTRATION, call.actor, call.reason) as tx:
            assert organisation is not None, "the purpose is bound to an organisation"
            tx.saw_nobody()
            return Deliveries(deliveries=await deliveries.shown(tx, organisation))

    async def disclosures(self, call: Call) -> Disclosures:
        """GET /my/disclosures (Art. 15(1)(c))."""
        async with self._work(RIGHTS, call.actor, call.reason) as tx:
            me = [call.actor.id, *await guests_of(tx, call.actor.id)]
            return Disclosures(disclosures=await ledger.disclosures_of(tx, me))

    async def recalls(self, call: Call) -> Recalls:
        """GET /cases/{case}/recalls (Art. 19)."""
        async with self._work(RIGHTS, call.actor, call.reason) as tx:
            listed = await ledger.recalls_of(tx, UUID(call.path["case"]))
            tx.saw(subject for subject, _ in listed)
            return Recalls(recalls=tuple(one for _, one in listed))
