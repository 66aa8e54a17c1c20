"""What each process is told by its environment; a service's is also kept in env/<service>.env."""

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.local.instance import ROOT, Instance, write_private
from deploy.topology.database import database_of

SERVICES = ("accounts", "orders", "notify", "sharing", "retention", "gateway")


def of_service(instance: Instance, service: str) -> dict[str, str]:
    """The settings of one service: where its database, broker, secrets and neighbours are."""
    ports = instance.ports
    common = {
        "SERVICE": service,
        "HOST": "127.0.0.1",
        "PORT": str(ports[service]),
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": str(ports["postgres"]),
        "DATABASE_NAME": database_of(service),
        "BROKER_HOST": "127.0.0.1",
        "BROKER_PORT": str(ports["amqp"]),
        "BROKER_VHOST": "/",
        "SECRETS": str(instance.secrets / service),
        "HOUSE": str(ROOT / "deploy" / "house.toml"),
        "PUBLIC_URL": ports.url("gateway"),
        "ENVIRONMENT": "local",
        "ACCESS_HEADS": str(instance.heads / f"{service}.jsonl"),
    }
    return {f"AVONDKASSA_{key}": value for key, value in (common | _own(instance, service)).items()}


def write(instance: Instance, service: str) -> dict[str, str]:
    """Write env/<service>.env and return the whole environment of the process."""
    settings = of_service(instance, service)
    lines = [f"{key}={value}" for key, value in sorted(settings.items())]
    write_private(instance.folder / "env" / f"{service}.env", "\n".join(lines) + "\n")
    return plain() | settings


def of_mollie(instance: Instance) -> dict[str, str]:
    """The simulator's; whoever starts the house may add MOLLIE_SIM_… to make it unruly."""
    wishes = {key: value for key, value in os.environ.items() if key.startswith("MOLLIE_SIM_")}
    return (
        plain()
        | wishes
        | {
            "AVONDKASSA_ENVIRONMENT": "local",
            "MOLLIE_SIM_HOST": "127.0.0.1",
            "MOLLIE_SIM_PORT": str(instance.ports["mollie"]),
            "MOLLIE_SIM_BASE": instance.ports.url("mollie"),
            "MOLLIE_SIM_STATE": str(instance.folder / "mollie.sqlite"),
        }
    )


def of_inbox(instance: Instance) -> dict[str, str]:
    return plain() | {
        "INBOX_SMTP_PORT": str(instance.ports["smtp"]),
        "INBOX_WEB_PORT": str(instance.ports["inbox"]),
        "INBOX_FOLDER": str(instance.folder / "inbox"),
    }


def of_receiver(instance: Instance) -> dict[str, str]:
    return plain() | {
        "RECEIVER_PORT": str(instance.ports["receiver"]),
        "RECEIVER_STATE": str(instance.folder / "receiver"),
        "RECEIVER_SECRET_FILE": str(receiver_secret(instance)),
    }


def receiver_secret(instance: Instance) -> Path:
    """The file with the secret that the example organiser and sharing have in common."""
    return instance.secrets / "receiver" / "webhook"


def plain(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The little that every Python process of the house gets from ours."""
    return {
        "PATH": environment.get("PATH", "/usr/bin:/bin"),
        "HOME": environment.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }


def _own(instance: Instance, service: str) -> dict[str, str]:
    ports = instance.ports
    if service == "gateway":
        return {
            f"{other.upper()}_URL": f"http://127.0.0.1:{ports[other]}"
            for other in SERVICES
            if other != service
        }
    if service == "orders":
        return {"MOLLIE_ENDPOINT": ports.url("mollie")}
    if service == "notify":
        return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(ports["smtp"])}
    if service == "retention":
        return {"ERASURE_LEDGER": str(instance.ledger)}
    return {}
