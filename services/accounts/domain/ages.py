"""How old somebody is: believable or not, and old enough to consent or not (GDPR 8)."""

from datetime import date

from chassis.decision import Accepted, Refused

OLDEST = 120


def age_on(day: date, born: date) -> int:
    """Whole years on a day; who was born on 29 February grows older on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def believable(born: date | None, today: date) -> Accepted[None] | Refused:
    """Whether somebody alive can have been born then; birth-date-impossible. None is not said."""
    if born is not None and not 0 <= age_on(today, born) <= OLDEST:
        return Refused("birth-date-impossible")
    return Accepted(None)


def old_enough(born: date | None, today: date, consent_age: int) -> bool:
    """Whether somebody may consent for themselves; who keeps their age back says it with each yes."""
    return born is None or age_on(today, born) >= consent_age


def youngest_born(today: date, consent_age: int) -> date:
    """The last birthday of those who are old enough today; for 29 February the 28th where it is missing."""
    try:
        return today.replace(year=today.year - consent_age)
    except ValueError:
        return today.replace(year=today.year - consent_age, day=28)
