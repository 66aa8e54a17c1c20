"""What notify signs wallet tickets with: made at first start, replaced with what Apple and Google give.

Phones accept passes of Apple's certificates only. Until operations put theirs in place, a test authority of
this installation signs a certificate of the same form; Google's key file has its form, with zeros as issuer.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

EXPONENT, BITS = 65_537, 2_048
TEST_YEARS = timedelta(days=3_650)
TEST_AUTHORITY = "Avondkassa test authority"
TEST_TYPE, TEST_TEAM = "pass.example.avondkassa.tickets", "TEST000000"


def apple_files() -> dict[str, bytes]:
    """`pass.key`, `pass.pem` and `authority.pem`, as notify reads them: one set belongs together."""
    authority_key, key = _rsa(), _rsa()
    authority = _signed(_authority_name(), authority_key, _authority_name(), authority_key, issues=True)
    subject = Name(
        [
            NameAttribute(NameOID.USER_ID, TEST_TYPE),
            NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {TEST_TYPE}"),
            NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_TEAM),
        ]
    )
    certificate = _signed(subject, key, authority.subject, authority_key, issues=False)
    return {
        "authority.pem": authority.public_bytes(Encoding.PEM),
        "pass.key": _pem(key),
        "pass.pem": certificate.public_bytes(Encoding.PEM),
    }


def google_file() -> bytes:
    """The key file of a service account as Google gives it, with `issuer_id` added to it."""
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "tickets@avondkassa.example",
            "private_key": _pem(_rsa()).decode(),
            "issuer_id": "0" * 19,
        },
        indent=1,
    ).encode()


def _rsa() -> RSAPrivateKey:
    return generate_private_key(EXPONENT, BITS)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _authority_name() -> Name:
    return Name([NameAttribute(NameOID.COMMON_NAME, TEST_AUTHORITY)])


def _signed(
    subject: Name, key: RSAPrivateKey, issuer: Name, issuer_key: RSAPrivateKey, *, issues: bool
) -> Certificate:
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + TEST_YEARS)
        .add_extension(BasicConstraints(ca=issues, path_length=0 if issues else None), critical=True)
        .add_extension(KeyUsage(digital_signature=True, key_cert_sign=issues, **usage), critical=True)
        .sign(issuer_key, SHA256())
    )
