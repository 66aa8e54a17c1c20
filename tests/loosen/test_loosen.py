"""The tool itself: laws hold for a service, and without one of them somebody is told what went unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.loosen import __main__ as tool
from tests.loosen import columns, doors, rows
from tests.loosen.ground import House, ground
from tests.loosen.laws import Law, laws_of, spoken
from tests.loosen.tally import Tally

SERVICE = "gateway"


@pytest.fixture(scope="module")
def place() -> Iterator[House]:
    with ground(("columns", "rows", "charters"), each=11) as house:
        yield house


@pytest.mark.requirement("W-11")
async def test_in_one_service_somebody_notices_what_is_wider(place: House) -> None:
    tally = Tally()
    await place.loosen(tally, SERVICE)
    assert tally.lines()[: -len(tally.loosened)] == []
    assert tally.good
    assert set(tally.loosened) == {"grants", "policies", "charters"}
    assert tally.summary() == f"loosened: {tally.loosened.total()}, unnoticed: 0"


async def test_without_its_law_a_wider_grant_goes_unnoticed(place: House) -> None:
    async with place.superuser(SERVICE) as connection:
        ledger = await columns.ledger_of(SERVICE, connection)
        laws = laws_of(SERVICE, place.charters[SERVICE].purpose)

        async def unnoticed(known: list[Law]) -> list[str]:
            said = spoken(known, ledger.columns)
            one = next(grant for grant in sorted(ledger.grants) if grant.reach.table == "draft")
            ways = columns.widenings(ledger, one)
            return [way.means for way in ways if not await columns.noticed(connection, ledger, said, way)]

        assert await unnoticed(laws) == []
        assert await unnoticed([law for law in laws if law.table != "draft"]) != []


async def test_a_wider_policy_is_tried_with_a_row_that_nobody_may_find(place: House) -> None:
    async with place.superuser(SERVICE) as connection:
        ledger = await columns.ledger_of(SERVICE, connection)
        known = await rows.rows_of(ledger, connection, {})
        policy = next(one for one in known.policies if one.purpose == "security" and one.table == "gate")
        wide = [statement for means, statement in rows.widenings(known, policy) if means == "for every row"]
        cases = [case for case in rows.cases(known) if case.actor != "owner"]
        assert await rows.noticed(connection, known, cases, policy, wide[0])
        assert not await rows.noticed(connection, known, [], policy, wide[0])


def test_a_law_less_is_a_door_that_nobody_minds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only = ["--only", "doors", "--service", "sharing"]
    assert tool.main(only) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("unnoticed: 0")
    known = doors.laws_of_doors

    def fewer(service: str) -> dict[str, doors.DoorLaw]:
        return {asked: law for asked, law in known(service).items() if asked != "GET /my/disclosures"}

    monkeypatch.setattr(doors, "laws_of_doors", fewer)
    assert tool.main(only) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[-1].endswith("unnoticed: 1")
    assert any("unnoticed: routes: sharing: GET /my/disclosures" in line for line in told)


def test_a_condition_is_taken_apart_where_it_says_and() -> None:
    assert rows.conjuncts("((a = 1) AND ((b = 2) OR (c AND d)))") == ["(a = 1)", "((b = 2) OR (c AND d))"]
    assert rows.conjuncts("(a = ANY (ARRAY['x'::text]))") == ["a = ANY (ARRAY['x'::text])"]
    assert rows.conjuncts("true") == ["true"]
