"""endpoints.json: where everything of a running instance is, for the demo, the tests and scripts outside."""

import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.local.environment import SERVICES
from deploy.local.instance import Instance, write_private
from deploy.topology.database import database_of
from deploy.topology.secrets import ADMINISTRATOR, Secrets
from services.gateway.paths import path

# The gateway's pages that are the front doors of each role.
DOORS = {
    "shop": "season",
    "boxoffice": "counter",
    "door": "door",
    "organiser": "organiser",
    "privacy": "privacy_desk",
    "books": "books",
}
LOGINS = Path(__file__).parent / "season" / "logins.toml"


def write(instance: Instance, ready_after: float) -> dict[str, Any]:
    """Write the file, all of it or nothing, and return what it says. `ready_after` is in seconds."""
    found = collect(instance, ready_after)
    write_private(instance.endpoints, json.dumps(found, indent=2) + "\n")
    return found


def collect(instance: Instance, ready_after: float) -> dict[str, Any]:
    ports = instance.ports
    return {
        **{name: ports.url("gateway") + path(page) for name, page in DOORS.items()},
        "inbox": ports.url("inbox"),
        "mollie": ports.url("mollie"),
        "receiver": ports.url("receiver"),
        "broker": broker_url(instance),
        "broker_address": f"amqp://localhost:{ports['amqp']}",
        "services": {name: ports.url(name) for name in SERVICES},
        "logins": tomllib.loads(LOGINS.read_text()) if LOGINS.is_file() else {},
        "databases": {name: database_url(instance, name, "dump") for name in SERVICES},
        "logs": str(instance.logs),
        "ready_after": round(ready_after, 1),
    }


def database_url(instance: Instance, service: str, part: str) -> str:
    """The way into a service's database as one of the roles that no service holds: migrate or dump."""
    role = f"{service}__{part}"
    word = quote(Secrets(instance.secrets).role_password(service, role), safe="")
    return f"postgresql://{role}:{word}@127.0.0.1:{instance.ports['postgres']}/{database_of(service)}"


def broker_url(instance: Instance) -> str:
    """The way into the broker as its administrator, whom no service knows either."""
    word = quote(Secrets(instance.secrets).broker_password(ADMINISTRATOR), safe="")
    return f"amqp://{ADMINISTRATOR}:{word}@127.0.0.1:{instance.ports['amqp']}/"
