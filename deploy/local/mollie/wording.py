"""The words of the payment page, written for each language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One language's words.

    ``methods`` names those whose name differs by language; ``ended`` says what became of a payment.
    """

    language: str
    title: str
    test: str
    nothing_moves: str
    for_what: str
    until: str
    how: str
    methods: dict[str, str]
    outcome: str
    outcomes: dict[str, str]
    ended: dict[str, str]
    back: str
    missing: str
    missing_more: str


WORDING = {
    "en": Wording(
        language="en",
        title="Payment",
        test="Test mode",
        nothing_moves="This is a simulator. No money moves, and nothing you choose here reaches a bank.",
        for_what="For",
        until="Open until",
        how="Payment method",
        methods={},
        outcome="How does this payment end?",
        outcomes={"paid": "Paid", "failed": "Failed", "canceled": "Canceled", "expired": "Expired"},
        ended={
            "paid": "This payment is paid.",
            "failed": "This payment failed.",
            "canceled": "This payment was canceled.",
            "expired": "The time for this payment is over.",
        },
        back="Back to the shop",
        missing="There is no such payment",
        missing_more="The address may be incomplete. Start again from your order.",
    ),
    "nl": Wording(
        language="nl",
        title="Betaling",
        test="Testmodus",
        nothing_moves="Dit is een simulator. Er gaat geen geld om, en geen bank hoort wat je hier kiest.",
        for_what="Voor",
        until="Open tot",
        how="Betaalwijze",
        methods={"creditcard": "Kaart", "banktransfer": "Overschrijving"},
        outcome="Hoe loopt deze betaling af?",
        outcomes={"paid": "Betaald", "failed": "Mislukt", "canceled": "Geannuleerd", "expired": "Verlopen"},
        ended={
            "paid": "Deze betaling is voldaan.",
            "failed": "Deze betaling is mislukt.",
            "canceled": "Deze betaling is geannuleerd.",
            "expired": "De tijd voor deze betaling is voorbij.",
        },
        back="Terug naar de winkel",
        missing="Deze betaling bestaat niet",
        missing_more="Misschien is het adres niet volledig. Begin opnieuw vanuit je bestelling.",
    ),
    "fr": Wording(
        language="fr",
        title="Paiement",
        test="Mode test",
        nothing_moves="Ceci est un simulateur. Aucun argent ne circule, aucune banque n’est avertie.",
        for_what="Pour",
        until="Ouvert jusqu’à",
        how="Moyen de paiement",
        methods={"creditcard": "Carte", "banktransfer": "Virement"},
        outcome="Quelle est l’issue de ce paiement ?",
        outcomes={"paid": "Payé", "failed": "Échoué", "canceled": "Annulé", "expired": "Expiré"},
        ended={
            "paid": "Ce paiement est effectué.",
            "failed": "Ce paiement a échoué.",
            "canceled": "Ce paiement a été annulé.",
            "expired": "Le délai de ce paiement est écoulé.",
        },
        back="Retour à la billetterie",
        missing="Ce paiement n’existe pas",
        missing_more="L’adresse est peut-être incomplète. Recommencez à partir de votre commande.",
    ),
}


def language_of(locale: str | None, headers: Mapping[str, str]) -> str:
    """The payment's locale decides, else the browser's first language we know, else English."""
    wanted = [locale or "", *headers.get("Accept-Language", "").split(",")]
    known = (text.strip()[:2].lower() for text in wanted)
    return next((language for language in known if language in WORDING), "en")
