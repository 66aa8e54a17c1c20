"""What the inbox does wrong on request, so that the sender of mails is tested against a bad day."""

from dataclasses import asdict, dataclass


@dataclass
class Faults:
    """The faults in force.

    reject_next: so many next mails are refused with 451 (try again later).
    drop_after_accept: so many next mails are kept, but the connection breaks before the sender hears so.
    delay_seconds: each mail is answered this much later.
    """

    reject_next: int = 0
    drop_after_accept: int = 0
    delay_seconds: float = 0.0

    def set(self, given: object) -> str | None:
        """Changes the faults that are named, leaves the others; or says what is wrong with them."""
        if not isinstance(given, dict):
            return "The faults must be a JSON object."
        for name, value in given.items():
            if name not in asdict(self):
                return "There is no such fault."
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                return "A fault is a number, 0 or more."
        for name, value in given.items():
            setattr(self, name, float(value) if name == "delay_seconds" else int(value))
        return None

    def take_rejection(self) -> bool:
        """Uses up one rejection; False when none is left."""
        left, self.reject_next = self.reject_next, max(self.reject_next - 1, 0)
        return left > 0

    def take_drop(self) -> bool:
        """Uses up one broken connection; False when none is left."""
        left, self.drop_after_accept = self.drop_after_accept, max(self.drop_after_accept - 1, 0)
        return left > 0

    def document(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)
