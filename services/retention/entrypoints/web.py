"""The door for requests."""

from datetime import timedelta

from chassis.routes import Route
from chassis.work import Workplace
from contracts.actors import Role
from contracts.looks import ReasonCode
from contracts.retention import api
from services.retention.handlers.decide_objection import DecideObjection
from services.retention.handlers.lift_restriction import LiftRestriction
from services.retention.handlers.open_case import OpenOneCase, Pace
from services.retention.handlers.order_sweep import OrderSweep, OrderSweepAtDesk
from services.retention.handlers.review_contest import ReviewContest
from services.retention.handlers.show_cases import ListCases, ShowCase
from services.retention.handlers.show_decisions import ShowDecisions
from services.retention.handlers.show_sweeps import ListSweeps, ShowSweep

OFFICER = frozenset({Role.PRIVACY_OFFICER})
OWN_OR_OFFICER = OFFICER | {Role.VISITOR}


def case_routes(work: Workplace, promised_days: int, pace: Pace) -> tuple[Route, ...]:
    """Invoking a right, and watching it being honoured."""
    return (
        Route(
            "POST",
            "/cases",
            "rights",
            OWN_OR_OFFICER,
            OpenOneCase(work, promised_days, pace),
            body=api.OpenCase,
            answer=api.Case,
            status=201,
            summary="Invoke a right; asking again answers with the same case.",
            looks="one",
            because=ReasonCode.RIGHTS_REQUEST,
            fresh=True,
        ),
        Route(
            "GET",
            "/cases",
            "rights",
            OWN_OR_OFFICER,
            ListCases(work),
            answer=api.Cases,
            summary="Cases, the most urgent first.",
            looks="many",
        ),
        Route(
            "GET",
            "/cases/{case}",
            "rights",
            OWN_OR_OFFICER,
            ShowCase(work),
            answer=api.Case,
            summary="One case with its receipts.",
            looks="one",
            because=ReasonCode.RIGHTS_CASE,
        ),
        Route(
            "POST",
            "/cases/{case}/review",
            "rights",
            OFFICER,
            ReviewContest(work),
            body=api.Review,
            answer=api.Case,
            summary="A person decides what a machine decided before.",
            looks="one",
            because=ReasonCode.RIGHTS_CASE,
        ),
        Route(
            "GET",
            "/decisions",
            "rights",
            OFFICER,
            ShowDecisions(work),
            answer=api.DecisionFigures,
            summary="The register of automated decisions, in figures.",
            looks="nobody",
        ),
    )


def decision_routes(work: Workplace, notice: timedelta) -> tuple[Route, ...]:
    """Ending a restriction, and deciding about an objection."""
    return (
        Route(
            "POST",
            "/cases/{case}/lift",
            "rights",
            OWN_OR_OFFICER,
            LiftRestriction(work, notice),
            answer=api.Case,
            summary="End a restriction; an officer's end comes after the person was told.",
            looks="one",
            because=ReasonCode.RIGHTS_CASE,
        ),
        Route(
            "POST",
            "/cases/{case}/decision",
            "rights",
            OFFICER,
            DecideObjection(work),
            body=api.Decision,
            answer=api.Case,
            summary="Decide about an objection.",
            looks="one",
            because=ReasonCode.RIGHTS_CASE,
        ),
    )


def sweep_routes(work: Workplace, order: OrderSweep) -> tuple[Route, ...]:
    """Ordering a sweep, and watching it."""
    return (
        Route(
            "POST",
            "/sweeps",
            "storage_limitation",
            OFFICER,
            OrderSweepAtDesk(order),
            body=api.OrderSweep,
            answer=api.Sweep,
            status=201,
            summary="Look for what may no longer be kept, as of a moment.",
            looks="nobody",
            fresh=True,
        ),
        Route(
            "GET",
            "/sweeps",
            "storage_limitation",
            OFFICER,
            ListSweeps(work),
            answer=api.Sweeps,
            summary="Sweeps, newest first.",
            looks="nobody",
        ),
        Route(
            "GET",
            "/sweeps/{sweep}",
            "storage_limitation",
            OFFICER,
            ShowSweep(work),
            answer=api.Sweep,
            summary="One sweep with its receipts.",
            looks="nobody",
        ),
    )
