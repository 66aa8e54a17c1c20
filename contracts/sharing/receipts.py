"""What sharing answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """sharing erased a person."""

    topic = "sharing.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """sharing anonymised a person without activity."""

    topic = "sharing.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """sharing carried out its terms."""

    topic = "sharing.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """sharing has its part of a copy ready."""

    topic = "sharing.copy.ready.v1"
    purposes = answers.RIGHTS
