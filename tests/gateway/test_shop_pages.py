"""What a visitor sees while buying."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from contracts.orders.api import EventList, EventSummary
from contracts.orders.money import PaymentMethods
from services.gateway.domain.availability import availability_of
from services.gateway.domain.gathered import with_words
from services.gateway.entrypoints.pages.basket import NEWS
from services.gateway.entrypoints.pages.places import Chosen
from services.gateway.rendering import Pages, Reader, with_language
from tests.gateway.plausible import NOW, PARTNER, ROOT, a_detail, a_hold, an_event, an_order, pages

NOTHING_CHOSEN = Chosen()
NOTHING_TYPED = {"name": "", "email": "", "phone": "", "language": "", "choices": (), "method": ""}


@pytest.fixture(scope="module")
def shop() -> Pages:
    return pages()


def season(*events: EventSummary) -> dict[str, object]:
    """What the page of the season is drawn from."""
    return {"events": events, "season": EventList(events=events), "chosen": None, "sought": ""}


def basket(shop: Pages, language: str = "nl", **context: object) -> str:
    known = {
        "hold": a_hold(),
        "seconds_left": 540,
        "form": NOTHING_TYPED,
        "errors": [],
        "news": NEWS,
        "means": None,
    }
    return shop.render("basket", Reader(language), **(known | context))


def test_a_title_cannot_bring_markup_along(shop: Pages) -> None:
    page = shop.render("season", Reader("nl"), **season(an_event()))
    assert "<en>" not in page
    assert page.count("Zout &lt;en&gt; zand") >= 1


def test_times_and_prices_are_written_as_the_reader_does(shop: Pages) -> None:
    dutch, french, english = (
        shop.render("season", Reader(one), **season(an_event())) for one in ("nl", "fr", "en")
    )
    assert "za 28 november" in dutch
    assert "€\u00a012,00" in dutch
    assert "20\u202fh\u202f00" in french
    assert "12,00\u00a0€" in french
    assert "Sat 28 November" in english
    assert "€12.00" in english


def test_a_seat_is_a_checkbox_that_says_where_it_is_and_whether_it_is_taken(shop: Pages) -> None:
    page = shop.render("event", Reader("nl"), detail=a_detail(), chosen=NOTHING_CHOSEN, problem=None)
    boxes = re.findall(r'<input type="checkbox" name="seat"[^>]*>', page)
    assert len(boxes) == 8
    assert sum("disabled" in box for box in boxes) == 1
    assert any('aria-label="Rij B, stoel 3, bezet"' in box and "disabled" in box for box in boxes)


def test_a_refusal_keeps_what_was_chosen(shop: Pages) -> None:
    detail = a_detail()
    free = detail.seats[0]
    standing = next(price for price in detail.prices if price.place == "standing")
    chosen = Chosen(
        seats=(str(free.id),),
        seat_price=str(detail.prices[1].id),
        standing={str(standing.id): 2},
    )
    page = shop.render("event", Reader("nl"), detail=detail, chosen=chosen, problem="Net weg.")
    assert re.search(rf'value="{free.id}"[^>]* checked>', page)
    assert re.search(rf'value="{detail.prices[1].id}"[^>]* checked>', page)
    assert re.search(rf'name="standing.{standing.id}"[^>]* value="2"', page)
    assert "Net weg." in page


@pytest.mark.requirement("G-34")
def test_the_choice_about_a_co_presenter_is_asked_apart_and_never_ticked_beforehand(shop: Pages) -> None:
    page = basket(shop)
    asked = page[page.index('<fieldset class="ask">') :]
    box = re.search(r'<input type="checkbox"[^>]*>', asked)
    assert box is not None
    assert f'name="choice.{PARTNER.organisation}"' in box[0]
    assert "checked" not in box[0]
    assert "Tij &amp; Taal" in asked


def test_nobody_is_asked_for_news_of_an_organisation_that_does_not_ask(shop: Pages) -> None:
    silent = PARTNER.model_copy(update={"asks_for_news": False})
    hold = a_hold().model_copy(update={"event": an_event(partners=(silent,))})
    assert 'type="checkbox"' not in basket(shop, hold=hold)


@pytest.mark.requirement("G-15")
def test_beside_the_fields_stands_why_how_long_and_who_gets_it(shop: Pages) -> None:
    page = basket(shop, language="en")
    line = page[page.index('<details class="why">') :]
    summary = line[: line.index("</summary>")]
    assert "To sell you the places you chose." in summary
    assert re.search(r"Kept for \d+.(year|month|day)", summary)
    assert "it stays with us." in summary


def test_an_error_stands_beside_its_field_and_in_a_summary_and_nothing_typed_is_lost(shop: Pages) -> None:
    typed = {**NOTHING_TYPED, "name": "Marie", "email": "marie@", "choices": (str(PARTNER.organisation),)}
    page = basket(shop, form=typed, errors=[{"field": "email", "message": "Dit heeft niet de juiste vorm."}])
    assert page.count("Vul een e-mailadres in dat klopt") == 2
    assert 'href="#email"' in page
    assert re.search(r'id="email"[^>]*aria-invalid="true"[^>]*aria-describedby="email-error', page)
    assert 'value="Marie"' in page
    assert 'value="marie@"' in page
    assert re.search(r'name="choice[^>]* checked>', page)


def test_a_hold_that_is_over_keeps_what_was_typed_and_sells_nothing(shop: Pages) -> None:
    page = basket(shop, hold=a_hold("expired"), seconds_left=0, form={**NOTHING_TYPED, "name": "Marie"})
    assert "Je plaatsen zijn weer vrij" in page
    assert 'value="Marie"' in page
    assert "Betaal" not in page
    again = re.findall(r'<button[^>]*formaction="/basket/again"[^>]*value="(\w+)"', page)
    assert again == ["same", "best"], "what was typed goes along: the buttons belong to its form"
    assert all('form="checkout"' in button for button in re.findall(r'<button[^>]*name="pick"[^>]*>', page))
    standing = a_hold("expired").model_copy(update={"lines": a_hold().lines[1:]})
    assert 'value="best"' not in basket(shop, hold=standing, seconds_left=0)


@pytest.mark.requirement("F-05")
def test_more_time_is_offered_once_and_the_warning_says_whether_it_still_is(shop: Pages) -> None:
    page = basket(shop)
    assert 'formaction="/basket/extend"' in page
    assert "Met de knop Geef me meer tijd" in page
    extended = a_hold().model_copy(update={"may_extend": False})
    page = basket(shop, hold=extended)
    assert "/basket/extend" not in page
    assert 'data-warning="Nog twee minuten. Daarna' in page


@pytest.mark.requirement("F-05")
def test_enter_in_a_field_pays_and_does_not_ask_for_more_time(shop: Pages) -> None:
    """Enter sends the first button of a form: that is a hidden one which does what the last one does."""
    page = basket(shop)
    first = re.search(r'<button[^>]*form="checkout"[^>]*>', page)
    assert first is not None
    assert "formaction" not in first[0]
    assert page.index(first[0]) < page.index('formaction="/basket/extend"')


@pytest.mark.requirement("F-17")
def test_when_money_is_given_back_is_read_before_the_button_that_pays(shop: Pages) -> None:
    for language, said in (("nl", "Ruilen kan."), ("fr", "Échange possible."), ("en", "Exchanges are fine.")):
        page = basket(shop, language=language)
        assert page.index(said) < page.index('<button class="button button-wide">')


@pytest.mark.parametrize(
    ("facts", "says", "asks_again"),
    [
        ({"state": "placed", "payment": "open", "tickets": ()}, "Even wachten", True),
        ({"state": "placed", "payment": "failed", "tickets": ()}, "Niet betaald", False),
        ({"state": "expired", "payment": "expired", "tickets": ()}, "Te laat", False),
        ({"state": "charged_back", "payment": "charged_back"}, "Betaling teruggehaald", False),
        ({"tickets": ()}, "Tot dan", True),
        ({}, "Tot dan", False),
    ],
)
def test_an_order_says_how_it_stands(
    shop: Pages, facts: dict[str, object], says: str, asks_again: bool
) -> None:
    page = shop.render("order", Reader("nl"), order=an_order(**facts))
    assert f"<h1>{says}</h1>" in page
    assert ('http-equiv="refresh"' in page) is asks_again


@pytest.mark.requirement("F-32")
@pytest.mark.parametrize("payment", ["open", "failed"])
def test_a_clerk_who_looks_at_an_unpaid_order_neither_pays_it_nor_is_asked_why_again_and_again(
    shop: Pages, payment: str
) -> None:
    facts = {"state": "placed", "payment": payment, "tickets": (), "checkout_url": "https://mollie.example/1"}
    order = an_order(**facts, places_kept_until=NOW)
    mine, clerks = (
        shop.render("order", Reader("nl", "/", role), order=order) for role in (None, "box_office")
    )
    pays = "mollie.example/1" if payment == "open" else "/pay"
    assert pays in mine
    assert pays not in clerks
    assert 'name="again"' not in clerks
    assert order.number in clerks


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("reason", ["late", "double", "other_amount"])
@pytest.mark.parametrize("state", ["due", "sent", "settled"])
def test_money_that_comes_back_is_told_with_the_order(
    shop: Pages, language: str, reason: str, state: str
) -> None:
    back = {"cents": 2450, "reason": reason, "state": state}
    how = {"late": "expired", "double": "paid", "other_amount": "placed"}[reason]
    order = an_order(state=how, payment="paid", money_back=(back,), tickets=())
    page = shop.render("order", Reader(language), order=order)
    assert "24.50" in page or "24,50" in page
    assert "Er is niets afgehouden" not in page


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_ways_to_pay_are_those_of_the_provider_and_a_test_says_that_it_is_one(
    shop: Pages, language: str
) -> None:
    ideal = {"id": "ideal", "name": "iDEAL"}
    means = PaymentMethods.model_validate({"test": True, "methods": (ideal,)})
    chosen = NOTHING_TYPED | {"method": "ideal"}
    page = basket(shop, language, means=means, form=chosen)
    assert 'value="ideal" checked' in page
    assert "test" in page
    assert 'name="method"' not in basket(shop, language)
    free = a_hold().model_copy(update={"total_cents": 0})
    assert "Mollie" not in basket(shop, language, means=means, hold=free)


@pytest.mark.requirement("G-70")
def test_no_page_fetches_anything_from_elsewhere(shop: Pages) -> None:
    page = basket(shop) + shop.render("order", Reader("nl"), order=an_order())
    fetched = re.findall(r'(?:src|srcset|action|poster|data)="([^"]*)"|<link[^>]*href="([^"]*)"', page)
    assert fetched
    assert all(address.startswith("/") for pair in fetched for address in pair if address)
    assert "style=" not in page, "the content security policy refuses inline styles"


def test_the_language_links_stay_on_the_page_and_keep_its_query() -> None:
    assert with_language("/door?event=zout&lang=nl", "fr") == "/door?event=zout&lang=fr"


def test_the_french_have_a_first_of_the_month(shop: Pages) -> None:
    first, eleventh = datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2026, 12, 11, 18, tzinfo=UTC)
    assert shop.formats("fr").short_day(first) == "mar. 1er décembre"
    assert shop.formats("fr").short_day(eleventh) == "ven. 11 décembre"
    assert shop.formats("nl").short_day(first) == "di 1 december"


def test_the_season_and_all_it_needs_weigh_less_than_150_kb(shop: Pages) -> None:
    static = ROOT / "services" / "gateway" / "static"
    files = [static / "site.css", static / "site.js", *static.glob("fonts/*-latin.woff2")]
    assert len(files) == 4, "deploy/local/fonts.sh fetches the typefaces"
    page = shop.render("season", Reader("nl"), **season(*(an_event(number) for number in range(1, 7))))
    assert len(page.encode()) + sum(file.stat().st_size for file in files) < 150_000


@pytest.mark.requirement("F-01")
def test_the_plan_knows_each_seat_by_its_box_and_by_its_sign(shop: Pages) -> None:
    """Boxes stand in the order of rows; the signs of availability in that of the event."""
    detail = a_detail()
    shuffled = detail.model_copy(update={"seats": tuple(reversed(detail.seats))})
    page = shop.render("event", Reader("fr"), detail=shuffled, chosen=NOTHING_CHOSEN, problem=None)
    found = re.search(r"data-plan>(.*?)</script>", page, re.DOTALL)
    assert found is not None
    plan = json.loads(found[1])
    boxes = re.findall(r'name="seat" value="([^"]*)"', page)
    assert [str(shuffled.seats[at].id) for _, _, at in plan["at"]] == boxes
    signs = availability_of(shuffled).seats
    taken = [box for box, (_, _, at) in zip(boxes, plan["at"], strict=True) if signs[at] == "0"]
    assert taken == [str(next(seat.id for seat in detail.seats if not seat.free))]


@pytest.mark.requirement("F-53")
def test_a_season_of_120_evenings_stands_by_month_and_stays_light(shop: Pages) -> None:
    days = [datetime(2026, 12, 1, 19, tzinfo=UTC) + timedelta(days=2 * number) for number in range(120)]
    events = tuple(an_event(number, starts_at=day) for number, day in enumerate(days, 1))
    page = shop.render("season", Reader("nl"), **season(*events))
    assert len(page.encode()) < 150_000
    months = re.findall(r'<h2 class="season-month" id="(\w+)">([^<]+)</h2>', page)
    assert [month for _, month in months][:2] == ["december 2026", "januari 2027"]
    assert all(f'href="#{anchor}"' in page for anchor, _ in months)
    assert page.count('class="show-poster"') == 24
    assert page.count("<ol") == page.count("</ol>") == len(months)
    assert 'name="q"' in page


def test_words_are_looked_for_in_titles_halls_and_texts_of_the_readers_language() -> None:
    events = (an_event(1), an_event(2, hall="Kleine Zaal"))
    assert with_words(events, "  ", "nl") == events
    assert with_words(events, "ZOUT klein", "nl") == events[1:]
    assert with_words(events, "sel", "nl") == ()
    assert with_words(events, "sel mer", "fr") == events
