"""How large the season is that a new instance is loaded with: SEASON=small, as usual, or SEASON=large."""

from collections.abc import Mapping

from deploy.local.instance import Instance, write_private

SMALL, LARGE = "small", "large"


class WrongSeason(RuntimeError):
    """There is no such season, or this instance has another one already."""


def wanted(instance: Instance, environment: Mapping[str, str]) -> str:
    """The season to load, or that is loaded; WrongSeason where SEASON asks for another one."""
    wish = environment.get("SEASON") or None
    if wish not in (None, SMALL, LARGE):
        raise WrongSeason(f"SEASON={wish} is none: it is small or large.")
    loaded = _loaded(instance)
    if wish and loaded and wish != loaded:
        raise WrongSeason(
            f"This instance has the {loaded} season, and its data stays until you delete it. "
            f"make reset deletes it; then make start SEASON={wish}. "
            "Or give AVONDKASSA_RUN another folder, for an instance beside this one."
        )
    return loaded or wish or SMALL


def keep(instance: Instance, size: str) -> None:
    """Remember what was loaded."""
    write_private(instance.folder / "season", size + "\n")


def _loaded(instance: Instance) -> str | None:
    if not instance.founded.exists():
        return None
    kept = instance.folder / "season"
    return kept.read_text().strip() if kept.exists() else SMALL
