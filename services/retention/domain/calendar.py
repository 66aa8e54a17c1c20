"""Calendar arithmetic: months and years as people count them, not as seconds."""

import calendar
import re
from datetime import date, datetime

TERM = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?")


def months_from(day: date, months: int) -> date:
    """The same day of the month some months later (or earlier, below 0); the last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def moved(at: datetime, months: int) -> datetime:
    """The same time of day, some calendar months later or earlier."""
    day = months_from(at.date(), months)
    return at.replace(year=day.year, month=day.month, day=day.day)


def months_in(term: str) -> int:
    """The calendar months in an ISO 8601 term of years and months, such as P7Y; ValueError for any other."""
    found = TERM.fullmatch(term)
    if found is None or term == "P":
        raise ValueError(f"{term} is no term of years and months")
    return int(found["years"] or 0) * 12 + int(found["months"] or 0)


def quiet_before(as_of: datetime, term: str) -> date:
    """Whoever was last active before this day was quiet for the whole term at `as_of` (G-41)."""
    return months_from(as_of.date(), -months_in(term))
