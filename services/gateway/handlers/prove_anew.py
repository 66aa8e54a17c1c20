"""Who is logged in proves anew who they are; tokens from before the proof are forgotten."""

from contracts.accounts.factors import Prove, Proved
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined


async def prove_anew(desk: Desk, session: Session, body: Prove, language: str) -> Proved | Declined:
    """Since when the session is fresh, or why the proof does not count."""
    question = Question("accounts", "POST", "/account/proof", body=body, language=language)
    proved = await desk.neighbours.ask(question, Proved)
    if not isinstance(proved, Declined):
        desk.book.forget(session)
    return proved
