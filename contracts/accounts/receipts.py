"""What accounts answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """accounts erased a person."""

    topic = "accounts.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """accounts anonymised a person without activity."""

    topic = "accounts.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """accounts carried out its terms."""

    topic = "accounts.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """accounts has its part of a copy ready."""

    topic = "accounts.copy.ready.v1"
    purposes = answers.RIGHTS
