"""The API of second factors: the second step of a log-in, proving it anew, apps and recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.routes import Answer, Call, Route
from contracts.accounts import api, factors
from services.gateway.domain.session import Session
from services.gateway.entrypoints.api_account import MISSING
from services.gateway.entrypoints.api_self import ANYONE, entered
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import (
    AppAdded,
    CodeAnswered,
    CodesTold,
    PasskeyAdded,
    ProofGiven,
    Visit,
)
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.passage import Outcome, in_session, session_of, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.carry_wishes import CARRIED
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.enter import enter
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.prove_anew import prove_anew
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined


class _Factors:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, call: Call) -> Outcome:
        asked: CodeAnswered = call.body
        body = factors.AnswerChallenge(challenge=asked.challenge, code=asked.code, origin=arriving().origin)
        question = self._question(call, "POST", "/sessions/factor", body)
        return entered(await log_in(self._desk, question, session_of(call)))

    async def challenge(self, call: Call) -> Outcome:
        question = self._question(
            call, "POST", "/passkeys/challenge", factors.AskPasskey(origin=arriving().origin)
        )
        return told(await self._desk.neighbours.ask(question, factors.PasskeyChallenge))

    async def enter_by_passkey(self, call: Call) -> Outcome:
        asked: factors.PasskeyAnswer = call.body
        body = factors.EnterByPasskey(
            challenge=asked.challenge, credential=asked.credential, origin=arriving().origin
        )
        question = self._question(call, "POST", "/sessions/passkey", body)
        return entered(await log_in(self._desk, question, session_of(call)))

    async def offer_passkey(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        mine = api.Mine(secret=session.secret)
        question = self._question(call, "POST", "/account/passkeys/offer", mine)
        return told(await self._desk.neighbours.ask(question, factors.PasskeyChallenge))

    async def add_passkey(self, call: Call, session: Session) -> Outcome:
        asked: PasskeyAdded = call.body
        if session.secret is None:
            return MISSING
        body = factors.AddPasskey(
            secret=session.secret,
            challenge=asked.challenge,
            credential=asked.credential,
            name=asked.name,
        )
        question = self._question(call, "POST", "/account/passkeys", body)
        return await self._added(await self._desk.neighbours.ask(question, factors.FactorAdded), session)

    async def prove(self, call: Call, session: Session) -> Outcome:
        asked: ProofGiven = call.body
        if session.secret is None:
            return MISSING
        body = factors.Prove(secret=session.secret, origin=arriving().origin, **dict(asked))
        return told(await prove_anew(self._desk, session, body, call.language))

    async def offer(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        mine = api.Mine(secret=session.secret)
        question = self._question(call, "POST", "/account/apps/offer", mine)
        return told(await self._desk.neighbours.ask(question, factors.AppOffer))

    async def add(self, call: Call, session: Session) -> Outcome:
        asked: AppAdded = call.body
        if session.secret is None:
            return MISSING
        body = factors.AddApp(secret=session.secret, offer=asked.offer, code=asked.code, name=asked.name)
        question = self._question(call, "POST", "/account/apps", body)
        return await self._added(await self._desk.neighbours.ask(question, factors.FactorAdded), session)

    async def remove(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        body = factors.RemoveFactor(secret=session.secret, factor=UUID(call.path["factor"]))
        question = self._question(call, "POST", "/account/factors/removal", body)
        declined = await self._desk.neighbours.tell(question)
        return Answer(None, 204) if declined is None else told(declined)

    async def renew(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        mine = api.Mine(secret=session.secret)
        question = self._question(call, "POST", "/account/recovery-codes", mine)
        got = await self._desk.neighbours.ask(question, factors.RecoveryCodes)
        return told(got) if isinstance(got, Declined) else CodesTold(recovery_codes=got.recovery_codes)

    async def _added(self, added: factors.FactorAdded | Declined, session: Session) -> Outcome:
        if isinstance(added, Declined):
            return told(added)
        codes = CodesTold(recovery_codes=added.recovery_codes)
        if added.session is None:
            return Answer(codes, 201)
        _, cookie = await enter(self._desk, added.session, session)
        return Answer(codes, 201, headers=set_cookie(cookie))

    def _question(self, call: Call, method: str, path: str, body: BaseModel) -> Question:
        return Question("accounts", method, path, body=body, language=call.language)


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of second factors; all but the first need the session of a log-in."""
    own, known = _Factors(desk), Table(desk, "account", ANYONE)
    entering = Table(desk, "account", also=CARRIED)
    second, prove, offer, add, remove, renew = (
        own.answer,
        in_session(own.prove),
        in_session(own.offer),
        in_session(own.add),
        in_session(own.remove),
        in_session(own.renew),
    )
    code, proof, told_codes = CodeAnswered, ProofGiven, CodesTold
    return [
        *_passkeys(own, entering, known),
        entering.row("POST /sessions/factor", second, "The second step", Visit, body=code, status=201),
        known.row("POST /me/proof", prove, "Prove anew who I am", factors.Proved, body=proof),
        known.row("POST /me/apps/offer", offer, "A secret for a code app", factors.AppOffer),
        known.row("POST /me/apps", add, "Add a code app", told_codes, body=AppAdded, status=201),
        known.row("DELETE /me/factors/{factor}", remove, "Take a factor away", status=204),
        known.row("POST /me/recovery-codes", renew, "New recovery codes", told_codes, status=201),
    ]


def _passkeys(own: _Factors, entering: Table, known: Table) -> Sequence[Route]:
    ask, enter = own.challenge, own.enter_by_passkey
    offer, add = in_session(own.offer_passkey), in_session(own.add_passkey)
    to_sign, answer, told_codes = factors.PasskeyChallenge, factors.PasskeyAnswer, CodesTold
    return [
        entering.row("POST /passkeys/challenge", ask, "What a passkey is to sign", to_sign),
        entering.row("POST /sessions/passkey", enter, "Log in by it", Visit, body=answer, status=201),
        known.row("POST /me/passkeys/offer", offer, "What makes a passkey", to_sign),
        known.row("POST /me/passkeys", add, "Add a passkey", told_codes, body=PasskeyAdded, status=201),
    ]
