"""The door for one's own data and choices, and for the desk that looks for a person."""

from collections.abc import Mapping

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts import api
from contracts.actors import Role
from services.accounts.handlers.correct_person import CorrectPerson
from services.accounts.handlers.find_subjects import FindSubjects
from services.accounts.handlers.keep_choice import MakeChoice
from services.accounts.handlers.show_choices import ShowChoices
from services.accounts.handlers.show_person import ShowPerson

VISITOR = frozenset({Role.VISITOR})
OFFICER = frozenset({Role.PRIVACY_OFFICER})


def person_routes(work: Workplace, gates: Mapping[str, str]) -> tuple[Route, ...]:
    """One's own data and choices, and the desk that looks for a person."""
    return (
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
            MakeChoice(work, gates),
            body=api.ChoiceRequest,
            answer=api.Choices,
            summary="Give, withdraw, object or lift.",
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
