"""The register of automated decisions in figures (F-68)."""

from chassis.routes import Call
from chassis.work import Workplace
from contracts.retention.api import DecisionFigures
from services.retention.store import decisions


class ShowDecisions:
    """GET /decisions."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> DecisionFigures:
        """The register in figures: nobody is in them."""
        async with self._work("rights", call.actor) as tx:
            tx.saw_nobody()
            made, contested, granted, upheld = await decisions.figures(tx)
        return DecisionFigures(made=made, contested=contested, granted=granted, upheld=upheld)
