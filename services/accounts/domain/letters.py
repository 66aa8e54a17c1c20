"""Letters about an account: which one answers a request, and when an address may change hands."""

from typing import Literal

Kind = Literal["register", "exists", "reset", "email_new", "email_old", "new_device", "new_password"]


def answer_to(request: str, known: bool) -> Kind | None:
    """The letter that answers a request to `register` or to `reset`, or None where none is sent.

    Only the reader of the mailbox learns whether the address is known.
    """
    if request == "register":
        return "exists" if known else "register"
    return "reset" if known else None
