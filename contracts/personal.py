"""Categories of personal data, and how a field of an event or an API says which one it carries (W-11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field, StringConstraints
from pydantic.fields import FieldInfo


class Category(StrEnum):
    """What kind of personal data; charters and event fields use these words only."""

    SUBJECT = "subject"  # a random identifier that stands for one person
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    LOCALE = "locale"
    ADDRESS = "address"
    TOWN = "town"
    BIRTH_DATE = "birth_date"
    GENDER = "gender"
    LOGIN = "login"  # user name, password hash, session
    DEVICE = "device"  # IP address, browser, device type
    PURCHASE = "purchase"  # what a person bought, and when
    SEAT = "seat"
    PAYMENT_REFERENCE = "payment_reference"
    ADMISSION = "admission"
    CHOICE = "choice"  # consent or objection, with its proof
    ACTIVITY = "activity"  # the day of a last activity
    CORRESPONDENCE = "correspondence"
    CASE = "case"
    FREE_TEXT = "free_text"
    FINANCIAL = "financial"
    DISCLOSURE = "disclosure"  # who received what


@dataclass(frozen=True)
class Personal:
    """Marks a field as personal data of one category."""

    category: Category


SubjectId = Annotated[UUID, Personal(Category.SUBJECT)]
# A line break in a name could begin a header of its own in a mail; no name has control characters.
PersonName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Personal(Category.NAME),
]
Email = Annotated[EmailStr, Field(max_length=254), Personal(Category.EMAIL)]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=5, max_length=32, pattern=r"^[+(0-9][0-9 ()./-]*$"),
    Personal(Category.PHONE),
]
Locale = Annotated[str, StringConstraints(pattern="^(nl|fr|en)$"), Personal(Category.LOCALE)]
PRINTED = r"^[^\x00-\x1f\x7f]+$"
AddressLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTED),
    Personal(Category.ADDRESS),
]
PostalCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=12, pattern=PRINTED),
    Personal(Category.ADDRESS),
]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Personal(Category.ADDRESS)]
Town = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTED),
    Personal(Category.TOWN),
]
Gender = Annotated[Literal["f", "m", "x"], Personal(Category.GENDER)]
BirthDate = Annotated[date, Personal(Category.BIRTH_DATE)]
SeatLabel = Annotated[str, Field(max_length=60), Personal(Category.SEAT)]
PurchaseRef = Annotated[UUID, Personal(Category.PURCHASE)]
ActivityDay = Annotated[date, Personal(Category.ACTIVITY)]
ChoiceState = Annotated[
    str,
    StringConstraints(pattern="^(given|refused|withdrawn|expired|objected|lifted)$"),
    Personal(Category.CHOICE),
]


FreeText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    Personal(Category.FREE_TEXT),
]


def _markers(annotation: Any) -> Iterator[Personal]:
    if isinstance(annotation, Personal):
        yield annotation
    if get_origin(annotation) is not None:
        for part in get_args(annotation):
            yield from _markers(part)


def _nested(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _nested(part)


def category_of(field: FieldInfo) -> Category | None:
    """The category that a model's field is marked with, or None where it carries no personal data."""
    found = [m for m in field.metadata if isinstance(m, Personal)] or list(_markers(field.annotation))
    return found[0].category if found else None


def personal_fields(model: type[BaseModel]) -> dict[str, Category]:
    """Every personal field of a model with its category, nested models included (`tickets.seat`)."""
    fields: dict[str, Category] = {}
    for name, field in model.model_fields.items():
        category = category_of(field)
        if category:
            fields[name] = category
        for inner in _nested(field.annotation):
            fields |= {f"{name}.{sub}": kind for sub, kind in personal_fields(inner).items()}
    return fields
