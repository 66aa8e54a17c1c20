"""The public API under /api/v1: web and box-office clients, organisers, the privacy desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.routes import Route
from services.gateway.entrypoints import (
    api_account,
    api_desks,
    api_factors,
    api_invoices,
    api_organisations,
    api_planning,
    api_self,
    api_shop,
    api_team,
    api_waiting,
    api_wishes,
)
from services.gateway.handlers.desk import Desk

PREFIX = "/api/v1"
OWN = ("order_guidance",)
"""What the gateway itself keeps of a visit serves this; a route names the purpose that a service acts for."""


def routes(desk: Desk) -> Sequence[Route]:
    """Every route of the API."""
    shop = (*api_shop.routes(desk), *api_invoices.routes(desk), *api_waiting.routes(desk))
    desks = (*api_desks.routes(desk), *api_organisations.routes(desk), *api_planning.routes(desk))
    accounts = (*api_account.routes(desk), *api_factors.routes(desk), *api_team.routes(desk))
    own = (*api_self.routes(desk), *api_wishes.routes(desk))
    known = (*shop, *own, *accounts, *desks)
    return [replace(route, path=PREFIX + route.path, also=(*OWN, *route.also)) for route in known]
