"""What a service process is told from outside: environment variables and a folder of secret files."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRET_NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")


class Settings(BaseSettings):
    """Common to all services, from AVONDKASSA_…; a service adds fields of its own in a subclass.

    `database_ca` and `broker_ca` are PEM files of an authority: with one, TLS is spoken and always verified.
    `looks_per_…` bound how many people staff may be shown in lists. `access_heads` is the file outside the
    database, and outside its backups, that says how far the access log came; production has one.
    `fresh_minutes` is how long a proof of who somebody is opens the doors of dangerous acts.
    """

    model_config = SettingsConfigDict(
        env_prefix="AVONDKASSA_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    service: str = Field(pattern="^[a-z]+$")
    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    database_host: str = "127.0.0.1"
    database_port: int = 5432
    database_name: str
    database_ca: Path | None = None
    broker_host: str = "127.0.0.1"
    broker_port: int = 5672
    broker_vhost: str = "/"
    broker_ca: Path | None = None
    secrets: Path
    house: Path = Path("deploy/house.toml")
    public_url: str = "http://localhost:8080"
    environment: str = "production"
    grace_seconds: float = Field(default=10.0, gt=0)
    looks_per_answer: int = Field(default=5_000, gt=0)
    looks_per_hour: int = Field(default=20_000, gt=0)
    access_heads: Path | None = None
    fresh_minutes: float = Field(default=10, gt=0)

    @property
    def fresh_for(self) -> timedelta:
        """How long a proof counts as fresh."""
        return timedelta(minutes=self.fresh_minutes)

    def secret(self, name: str) -> str:
        """The content of a secret file such as `broker` or `database/orders__carry`, without its line end."""
        return self.secret_path(name).read_text(encoding="utf-8").strip()

    def secret_path(self, name: str) -> Path:
        """Where a secret file lies; a name that leaves the folder is refused with ValueError."""
        if not _SECRET_NAME.fullmatch(name) or ".." in name:
            raise ValueError("this is no name of a secret")
        return self.secrets / name
