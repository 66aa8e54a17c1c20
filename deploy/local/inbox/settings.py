"""What the inbox is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """``size_limit`` is the largest mail taken, in bytes."""

    folder: Path
    host: str = "127.0.0.1"
    smtp_port: int = 8191
    web_port: int = 8190
    size_limit: int = 15 * 1024 * 1024


def read_settings(environ: Mapping[str, str]) -> Settings | None:
    """The settings from INBOX_* variables; None where INBOX_FOLDER is missing."""
    if not environ.get("INBOX_FOLDER"):
        return None
    return Settings(
        folder=Path(environ["INBOX_FOLDER"]),
        host=environ.get("INBOX_HOST", "127.0.0.1"),
        smtp_port=int(environ.get("INBOX_SMTP_PORT", "8191")),
        web_port=int(environ.get("INBOX_WEB_PORT", "8190")),
        size_limit=int(environ.get("INBOX_SIZE_LIMIT", str(15 * 1024 * 1024))),
    )
