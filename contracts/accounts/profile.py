"""What somebody may add about themselves, all of it optional (G-10). None of it leaves accounts.

Routes (purpose, roles):
    GET /people/me/profile  account, visitor            -> Profile
    PUT /people/me/profile  account, visitor <- Profile -> Profile, with an absent field emptied
"""

from contracts.envelope import Model
from contracts.personal import AddressLine, BirthDate, CountryCode, Gender, Phone, PostalCode, Town


class Profile(Model):
    """Whatever somebody cared to add; a field that is None is empty."""

    gender: Gender | None = None
    street: AddressLine | None = None
    postal_code: PostalCode | None = None
    town: Town | None = None
    country: CountryCode | None = None
    birth_date: BirthDate | None = None
    phone_fixed: Phone | None = None
