"""Who a person is, and what a correction changes (Art. 16)."""

from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """What accounts knows of a person; `version` counts up by one with each change."""

    subject: UUID
    name: str
    email: str
    phone: str | None
    locale: str
    version: int

    @property
    def email_key(self) -> str:
        """The address as it is compared."""
        return email_key(self.email)


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants corrected; None leaves a field as it is, `remove_phone` empties the phone number."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    remove_phone: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """The person after the correction, and only what really changed."""

    contact: Contact
    name: str | None
    email: str | None
    phone: str | None
    phone_removed: bool

    @property
    def reaches_mail(self) -> bool:
        """Whether the address or the name on an envelope changed."""
        return self.name is not None or self.email is not None


def email_key(email: str) -> str:
    """An address as it is compared: casefolded, without blanks around it."""
    return email.strip().casefold()


def correct(before: Contact, wish: Wish) -> Corrected | None:
    """The corrected person with the next version, or None where nothing would change."""
    name = wish.name if wish.name not in (None, before.name) else None
    email = wish.email if wish.email not in (None, before.email) else None
    removed = wish.remove_phone and before.phone is not None
    phone = wish.phone if not wish.remove_phone and wish.phone not in (None, before.phone) else None
    if name is None and email is None and phone is None and not removed:
        return None
    after = replace(
        before,
        name=name or before.name,
        email=email or before.email,
        phone=None if removed else phone or before.phone,
        version=before.version + 1,
    )
    return Corrected(after, name, email, phone, removed)
