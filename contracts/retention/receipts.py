"""What retention answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """retention erased a person."""

    topic = "retention.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """retention anonymised a person without activity."""

    topic = "retention.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """retention carried out its terms."""

    topic = "retention.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """retention has its part of a copy ready."""

    topic = "retention.copy.ready.v1"
    purposes = answers.RIGHTS
