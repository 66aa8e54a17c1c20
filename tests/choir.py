"""An organisation that signs up in tests: what it says of itself."""

CHOIR = {
    "name": "Koor De Zeeleeuw",
    "legal_name": "De Zeeleeuw vzw",
    "street": "Kaai 12",
    "postal_code": "8400",
    "town": "Oostende",
    "country": "BE",
    "phone": "+32 59 00 00 01",
    "registration": "0403.019.261",
    "products": ["tickets", "sharing"],
}
IBAN = "BE68 5390 0754 7034"
SIGN_UP = CHOIR | {"iban": IBAN}
