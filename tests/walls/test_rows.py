"""Whom each purpose sees: written by hand, tried as each role on each table, whatever somebody chose."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import asyncpg
import pytest

from chassis.charter import Charter, all_charters
from chassis.purposes import outlast_restriction
from deploy.topology.secrets import ROOT
from tests.walls.conftest import Opening
from tests.walls.scene import MINE, OTHERS, Choice

ADA, BEN = UUID(int=0xADA), UUID(int=0xBE)
EVERYBODY, UNRESTRICTED, WHO_DID_NOT_OBJECT, WHO_CONSENTED, NAMED = range(5)
SEES = {
    ("orders", "order_guidance"): UNRESTRICTED,
    ("orders", "contract_exchange"): UNRESTRICTED,
    ("orders", "problem_care"): UNRESTRICTED,
    ("accounts", "questions"): NAMED,
    ("notify", "order_guidance"): UNRESTRICTED,
    ("accounts", "wish_list"): UNRESTRICTED,
    ("notify", "wish_reminders"): WHO_CONSENTED,
    ("sharing", "contract_exchange"): UNRESTRICTED,
    ("orders", "co_presentation_door_list"): WHO_DID_NOT_OBJECT,
    ("orders", "co_presentation_news"): WHO_CONSENTED,
    ("sharing", "co_presentation_administration"): WHO_DID_NOT_OBJECT,
    ("sharing", "co_presentation_door_list"): WHO_DID_NOT_OBJECT,
    ("sharing", "co_presentation_news"): WHO_CONSENTED,
    # Storage, rights, legal duty, claims and the protection of others go on (Art. 18(2)).
    **{(service, purpose): EVERYBODY
       for service in ("accounts", "gateway", "orders", "notify", "sharing", "retention")
       for purpose in ("rights", "keeping_choices", "storage_limitation", "operation", "security")},
    # An invoice is a legal duty.
    ("orders", "invoicing"): EVERYBODY,
    # By the id alone, so that what happens to an order is kept for its buyer.
    ("orders", "ticket_sale"): EVERYBODY,
    ("orders", "payment"): EVERYBODY,
    ("orders", "door_admission"): EVERYBODY,
    ("accounts", "problem_care"): EVERYBODY,
    # Whoever shields somebody, or needs to know who is shielded.
    ("accounts", "protection"): EVERYBODY,
    # Who works here keeps everybody else's data safe, whatever they chose about their own.
    ("accounts", "access_management"): EVERYBODY,
    # The law asks to know who sells here; whose organisation it is sees who acts for it.
    ("accounts", "trader_tracing"): EVERYBODY,
    ("accounts", "organiser_service"): UNRESTRICTED,
    # At the person's own request: a password, a session, a cookie.
    ("accounts", "account"): EVERYBODY,
    ("gateway", "order_guidance"): EVERYBODY,
    ("notify", "account"): EVERYBODY,
    ("notify", "wish_list"): EVERYBODY,
    ("gateway", "wish_list"): EVERYBODY,
}  # fmt: skip
"""Whom a purpose sees, its own person aside."""
OF_THE_HOUSE = {("notify", "wish_reminders")}
"""Purposes of the house alone that somebody can choose about."""

ONE_EACH = {"organisation_facts", "invitation"}
"""Tables in which an organisation has one row, or one of each address."""
THIS = "the purpose itself"
PROTECTED: Choice = ("protection", None, "*", "restricted")
CHOICES: dict[str, tuple[list[Choice], tuple[int, ...]]] = {
    "nothing": ([], (1, 1, 1, 0)),
    "a restriction": ([("*", None, "*", "restricted")], (1, 0, 0, 0)),
    "a restriction that ended": ([("*", None, "*", "lifted")], (1, 1, 1, 0)),
    "an objection": ([(THIS, MINE, "email", "objected")], (1, 1, 0, 0)),
    "an objection to all": ([(THIS, None, "*", "objected")], (1, 1, 0, 0)),
    "an objection to another": ([(THIS, OTHERS, "email", "objected")], (1, 1, 1, 0)),
    "an objection to letters on paper": ([(THIS, MINE, "post", "objected")], (1, 1, 1, 0)),
    "an objection to something else": ([("newsletter", None, "*", "objected")], (1, 1, 1, 0)),
    "an objection taken back": ([(THIS, MINE, "email", "lifted")], (1, 1, 1, 0)),
    "a yes": ([(THIS, MINE, "email", "given")], (1, 1, 1, 1)),
    "a yes to another": ([(THIS, OTHERS, "email", "given")], (1, 1, 1, 0)),
    "a yes to letters on paper": ([(THIS, MINE, "post", "given")], (1, 1, 1, 0)),
    "a yes to something else": ([("newsletter", None, "*", "given")], (1, 1, 1, 0)),
    "a yes and a no to all": (
        [(THIS, MINE, "email", "given"), (THIS, None, "*", "refused")],
        (1, 1, 0, 0),
    ),
    "a yes taken back": ([(THIS, MINE, "email", "withdrawn")], (1, 1, 0, 0)),
    "a yes, and a restriction": (
        [(THIS, MINE, "email", "given"), ("*", None, "*", "restricted")],
        (1, 0, 0, 0),
    ),
    "a protection": ([PROTECTED], (1, 1, 0, 0, 0)),
    "a protection, and a yes": ([PROTECTED, (THIS, MINE, "email", "given")], (1, 1, 0, 0, 0)),
    "a protection that ended": ([("protection", None, "*", "lifted")], (1, 1, 1, 0)),
}
"""What somebody chose, and whether those who see everybody, the unrestricted, … then see them.

Staff who read names see the unrestricted, unless something else is said at the end.
"""


def uses(charter: Charter) -> Iterator[tuple[str, str]]:
    """Purposes and tables of persons whose rows follow from what the person chose."""
    for purpose, known in charter.purpose.items():
        for table, use in known.uses.items():
            entry = charter.table[table]
            if entry.subject and not outlast_restriction(entry.held_for) and (use.select or use.update):
                yield purpose, table


CHARTERS = all_charters(ROOT)
USES = [(service, *one) for service, charter in CHARTERS.items() for one in uses(charter)]
BOUND = [
    (service, purpose, table)
    for service, charter in CHARTERS.items()
    for purpose, known in charter.purpose.items()
    for table in known.uses
    if known.of_one_organisation and charter.table[table].organisation
]


def told(service: str, purpose: str, choice: Choice) -> Choice:
    """A choice about the purpose itself; what the house does for itself is chosen without an organisation."""
    about, organisation, channel, state = choice
    if about is not THIS:
        return choice
    own = organisation == MINE and (service, purpose) in OF_THE_HOUSE
    return purpose, None if own else organisation, channel, state


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("W-45")
@pytest.mark.requirement("G-34")
@pytest.mark.parametrize(("service", "purpose", "table"), USES)
async def test_a_purpose_reaches_whom_its_basis_lets_it_reach(
    scene: Opening, service: str, purpose: str, table: str
) -> None:
    assert (service, purpose) in SEES, "say by hand whom this purpose sees"
    sees = SEES[service, purpose]
    for chosen, (choices, seen) in CHOICES.items():
        if PROTECTED in choices and (service, purpose) in OF_THE_HOUSE:
            # Co-presenters see nobody who is protected; the house itself writes what they asked for (F-70).
            seen = CHOICES["a yes" if len(choices) > 1 else "nothing"][1]
        async with scene(service) as here:
            await here.connection.execute(f'TRUNCATE "{table}"')
            row = await here.put(table, ADA)
            await here.choose(ADA, [told(service, purpose, one) for one in choices])
            for command, count in (await here.counts(purpose, table, row)).items():
                assert count == (*seen, seen[UNRESTRICTED])[sees], f"{command} after {chosen}"


@pytest.mark.requirement("W-43")
@pytest.mark.parametrize(("service", "purpose", "table"), [one for one in USES if SEES.get(one[:2]) == 1])
async def test_whoever_restricted_is_hidden_from_others_and_not_from_themselves(
    scene: Opening, service: str, purpose: str, table: str
) -> None:
    async with scene(service) as here:
        await here.connection.execute(f'TRUNCATE "{table}"')
        row = await here.put(table, ADA)
        await here.put(table, BEN, OTHERS if table in ONE_EACH else MINE)
        for person in (ADA, BEN):
            await here.choose(person, [("*", None, "*", "restricted")])
        mine = 1 if CHARTERS[service].purpose[purpose].of_people else 0
        assert set((await here.counts(purpose, table, row, actor=ADA)).values()) == {mine}
        assert set((await here.counts(purpose, table, row)).values()) == {0}


@pytest.mark.requirement("W-04")
@pytest.mark.parametrize(("service", "purpose", "table"), BOUND)
async def test_an_organisations_purpose_reaches_its_own_rows_and_says_whose_they_are(
    scene: Opening, service: str, purpose: str, table: str
) -> None:
    async with scene(service) as here:
        await here.connection.execute(f'TRUNCATE "{table}" CASCADE')
        await here.choose(ADA, [(purpose, None, "*", "given")])
        row = await here.put(table, ADA, MINE)
        assert set((await here.counts(purpose, table, row)).values()) <= {1}
        assert set((await here.counts(purpose, table, row, organisation=OTHERS)).values()) <= {0}
        if CHARTERS[service].purpose[purpose].uses[table].select:
            with pytest.raises((asyncpg.UndefinedObjectError, asyncpg.InvalidTextRepresentationError)):
                await here.counts(purpose, table, row, organisation=None)


@pytest.mark.requirement("W-04")
@pytest.mark.parametrize(
    ("service", "purpose", "table"),
    [one for one in BOUND if CHARTERS[one[0]].purpose[one[1]].uses[one[2]].insert],
)
async def test_an_organisations_purpose_writes_no_row_of_another(
    scene: Opening, service: str, purpose: str, table: str
) -> None:
    columns = CHARTERS[service].purpose[purpose].uses[table].insert
    async with scene(service) as here:
        row = await here.put(table, ADA, MINE)
        await here.connection.execute(f'TRUNCATE "{table}" CASCADE')
        told = {name: value for name, value in row.items() if name in columns or "*" in columns}
        names, places = ", ".join(told), ", ".join(f"${n}" for n, _ in enumerate(told, 1))
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
        async with here.acting(purpose) as role:
            await role.execute(insert, *told.values())
        async with here.acting(purpose, organisation=OTHERS) as role:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await role.execute(insert, *told.values())
