"""OpenAPI of each service, from the routes that its composition root really wires."""

from __future__ import annotations

import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from chassis.clock import SystemClock
from chassis.openapi import describe
from chassis.serve import settings_for
from chassis.service import Service
from deploy.local import environment
from deploy.local.instance import Instance
from deploy.local.ports import DEFAULT_BASE, Ports
from deploy.topology import secrets

PREFIX = "AVONDKASSA_"


def openapi(name: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of one service."""
    return describe(name, composed(name).routes)


@cache
def composed(name: str) -> Service:
    """A service as its app.py composes it, with secrets made for the occasion and nothing started."""
    compose = import_module(f"services.{name}.app").compose
    with tempfile.TemporaryDirectory(prefix="avondkassa-generate-") as folder:
        instance = Instance(Path(folder), Ports(DEFAULT_BASE))
        secrets.ensure(instance.secrets)
        told = environment.of_service(instance, name)
        wanted = {key.removeprefix(PREFIX).lower(): value for key, value in told.items()}
        service: Service = compose(settings_for(compose)(**wanted), SystemClock())
        return service
