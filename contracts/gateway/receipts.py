"""What gateway answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """gateway erased a person."""

    topic = "gateway.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """gateway anonymised a person without activity."""

    topic = "gateway.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """gateway carried out its terms."""

    topic = "gateway.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """gateway has its part of a copy ready."""

    topic = "gateway.copy.ready.v1"
    purposes = answers.RIGHTS
