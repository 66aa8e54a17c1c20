"""The door for one's own data and choices, and for the desk that looks for a person."""

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts import api, desk
from contracts.accounts.profile import Profile
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.accounts.domain.choices import Rules
from services.accounts.handlers.choose_for_person import ChooseForPerson
from services.accounts.handlers.correct_person import CorrectPerson
from services.accounts.handlers.find_people import FindPeople
from services.accounts.handlers.find_subjects import FindSubjects
from services.accounts.handlers.hear_signal import HearSignal
from services.accounts.handlers.keep_choice import MakeChoice
from services.accounts.handlers.keep_profile import KeepProfile
from services.accounts.handlers.show_choices import ShowChoices
from services.accounts.handlers.show_person import ShowPerson
from services.accounts.handlers.show_profile import ShowProfile
from services.accounts.handlers.show_receipts import ShowReceipts

VISITOR = frozenset({Role.VISITOR})
OFFICER = frozenset({Role.PRIVACY_OFFICER})
CUSTOMER_SERVICE = OFFICER | {Role.BOX_OFFICE}
LOOKING_UP = CUSTOMER_SERVICE | {Role.SUPERVISOR}


def person_routes(work: Workplace) -> tuple[Route, ...]:
    """One's own data, and the desks that look for a person."""
    return (
        *_desk(work),
        Route(
            "GET",
            "/people/me",
            "rights",
            VISITOR,
            ShowPerson(work),
            answer=api.Person,
            summary="One's own data.",
        ),
        Route(
            "PATCH",
            "/people/me",
            "rights",
            VISITOR,
            CorrectPerson(work),
            body=api.Correction,
            answer=api.Person,
            summary="Correct one's own data.",
        ),
        Route(
            "GET",
            "/people/me/profile",
            "account",
            VISITOR,
            ShowProfile(work),
            answer=Profile,
            summary="What one added about oneself.",
        ),
        Route(
            "PUT",
            "/people/me/profile",
            "account",
            VISITOR,
            KeepProfile(work),
            body=Profile,
            answer=Profile,
            summary="Add to one's own data, or empty it; an absent field is emptied.",
        ),
        Route(
            "POST",
            "/subjects/by-email",
            "rights",
            OFFICER,
            FindSubjects(work),
            body=api.FindSubject,
            answer=api.FoundSubjects,
            summary="The persons behind an address.",
            looks="one",
        ),
    )


def _desk(work: Workplace) -> tuple[Route, ...]:
    asked, find = ("keeping_choices", LOOKING_UP), FindPeople(work)
    return (
        Route(
            "POST",
            "/people/search",
            *asked,
            find.search,
            body=api.FindSubject,
            answer=desk.FoundPeople,
            summary="Look up who wrote from an address.",
            also=("questions",),
            looks="one",
        ),
        Route(
            "GET",
            "/people/{subject}",
            *asked,
            find.person,
            answer=desk.PersonAtDesk,
            summary="One person with their choices.",
            also=("questions",),
            looks="one",
        ),
    )


def choice_routes(work: Workplace, rules: Rules, receipts: ShowReceipts) -> tuple[Route, ...]:
    """One's own choices, and the proof of them."""
    own, proof = ("keeping_choices", VISITOR), "Proof of one's own choices, as linked data."
    return (
        Route(
            "GET",
            "/people/me/choices",
            "keeping_choices",
            VISITOR,
            ShowChoices(work),
            answer=api.Choices,
            summary="One's own choices.",
        ),
        Route(
            "POST",
            "/people/me/choices",
            "keeping_choices",
            VISITOR,
            MakeChoice(work, rules),
            body=api.ChoiceRequest,
            answer=api.Choices,
            summary="Give, withdraw, object or lift.",
        ),
        Route(
            "POST",
            "/people/me/signals",
            *own,
            HearSignal(work, rules),
            answer=api.Choices,
            summary="The signal of one's browser.",
        ),
        Route(
            "POST",
            "/people/{subject}/choices",
            "keeping_choices",
            CUSTOMER_SERVICE,
            ChooseForPerson(work, rules),
            body=api.DeskChoice,
            answer=api.Choices,
            summary="Change a choice for somebody who asked for it.",
            looks="one",
            because=ReasonCode.RIGHTS_REQUEST,
        ),
        Route("GET", "/people/me/receipts", *own, receipts, summary=proof),
        Route("GET", "/people/me/receipts/{record}", *own, receipts, summary="Proof of one choice."),
    )
