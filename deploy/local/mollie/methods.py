"""The payment methods that the simulated profile has switched on."""

from deploy.local.mollie.money import MAXIMUM, Money
from deploy.local.mollie.wording import WORDING

METHODS = {
    "bancontact": "Bancontact",
    "ideal": "iDEAL",
    "creditcard": "Card",
    "belfius": "Belfius Direct Net",
    "kbc": "KBC/CBC",
    "paypal": "PayPal",
    "banktransfer": "Bank transfer",
}


def name_of(method: str, locale: str) -> str:
    """What a method is called in a language such as nl_BE."""
    known = WORDING.get(locale[:2])
    return known.methods.get(method, METHODS[method]) if known else METHODS[method]


def method_document(method: str, base: str, locale: str) -> dict[str, object]:
    """A method as https://docs.mollie.com/reference/get-method shows it; pictures come from the simulator."""
    icon = f"{base}/icons/{method}.svg"
    return {
        "resource": "method",
        "id": method,
        "description": name_of(method, locale),
        "minimumAmount": Money("EUR", 1).document(),
        "maximumAmount": Money("EUR", MAXIMUM).document(),
        "image": {"size1x": icon, "size2x": icon, "svg": icon},
        "status": "activated",
        "pricing": [{"description": "Simulated", "fixed": Money("EUR", 0).document(), "variable": "0"}],
        "_links": {"self": {"href": f"{base}/v2/methods/{method}", "type": "application/hal+json"}},
    }


def icon(method: str) -> str:
    """A plain drawn sign with the first letters of the method."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="24" viewBox="0 0 32 24">'
        '<rect x=".5" y=".5" width="31" height="23" rx="3" fill="#fff" stroke="#1b1a17"/>'
        '<text x="16" y="16" font-family="sans-serif" font-size="10" text-anchor="middle">'
        f"{METHODS[method][:2]}</text></svg>"
    )
