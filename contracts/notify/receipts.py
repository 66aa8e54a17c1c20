"""What notify answers to retention."""

from contracts import answers


class ErasureCarriedOutV1(answers.ErasureCarriedOut):
    """notify erased a person."""

    topic = "notify.erasure.carried_out.v1"
    purposes = answers.RIGHTS


class AnonymisationCarriedOutV1(answers.AnonymisationCarriedOut):
    """notify anonymised a person without activity."""

    topic = "notify.anonymisation.carried_out.v1"
    purposes = ("storage_limitation",)


class SweepCarriedOutV1(answers.SweepCarriedOut):
    """notify carried out its terms."""

    topic = "notify.sweep.carried_out.v1"
    purposes = ("storage_limitation",)


class CopyReadyV1(answers.CopyReady):
    """notify has its part of a copy ready."""

    topic = "notify.copy.ready.v1"
    purposes = answers.RIGHTS
