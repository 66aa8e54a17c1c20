"""Text that people read, in the three languages of the house (F-26)."""

from contracts.envelope import Model


class Text(Model):
    """One text in Dutch, French and English."""

    nl: str
    fr: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `nl`, `fr` or `en`; Dutch, the language of the house, for anything else."""
        return {"fr": self.fr, "en": self.en}.get(language, self.nl)
