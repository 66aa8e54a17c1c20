"""A secret is offered for an app that makes codes; it counts when the app has shown its first code."""

import json
from datetime import timedelta
from uuid import uuid4

import pyotp

from chassis.decision import Refused
from chassis.routes import Call
from chassis.sealing import Keyring
from chassis.work import Workplace
from contracts.accounts.api import Mine
from contracts.accounts.factors import AppOffer
from services.accounts.handlers.add_app import offer_place
from services.accounts.handlers.welcome_factor import WelcomeFactor

OFFER_COUNTS = timedelta(minutes=15)
SECRET_BYTES = 20
"""As long as a SHA-1 digest (RFC 4226): 32 signs for whoever types them."""


class OfferApp:
    """POST /account/apps/offer."""

    def __init__(self, work: Workplace, keys: Keyring, house: str, welcome: WelcomeFactor) -> None:
        self._work = work
        self._keys = keys
        self._house = house
        self._welcome = welcome

    async def __call__(self, call: Call) -> AppOffer | Refused:
        """A secret, kept nowhere but in the sealed offer; or session-ended, step-up-needed."""
        asked: Mine = call.body
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
        if isinstance(own, Refused):
            return own
        key, until = pyotp.random_base32(SECRET_BYTES * 8 // 5), tx.now + OFFER_COUNTS
        told = {"id": str(uuid4()), "key": key, "until": int(until.timestamp())}
        id, sealed = self._keys.seal(json.dumps(told).encode(), offer_place(own))
        uri = pyotp.TOTP(key).provisioning_uri(name=own.user_key, issuer_name=self._house)
        return AppOffer(offer=f"{id}.{sealed.hex()}", key=key, uri=uri)
