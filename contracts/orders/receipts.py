"""What orders answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """orders erased a person."""

    topic = "orders.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """orders anonymised a person without activity."""

    topic = "orders.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """orders carried out its terms."""

    topic = "orders.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """orders has its part of a copy ready."""

    topic = "orders.copy.ready.v1"
    purposes = answers.RIGHTS
