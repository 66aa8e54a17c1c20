"""Roles: who may log in, with which attributes, memberships and settings; made exact, or compared."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from chassis.charter import Charter
from deploy.topology.secrets import Secrets, login_roles
from deploy.topology.standing import Mend

ITERATIONS = 4096
VERIFIER = re.compile(r"^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$")
_MIGHT = ("SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION")
_ROLES = """
SELECT rolname, rolpassword, rolcanlogin, rolinherit, rolbypassrls, rolsuper, rolcreatedb, rolcreaterole,
  rolreplication, rolconnlimit = -1 AND COALESCE(rolvaliduntil, 'infinity') = 'infinity' AS unlimited
FROM pg_authid
"""
_MEMBERS = """
SELECT whole.rolname AS whole, part.rolname AS part, m.admin_option AS leads
FROM pg_auth_members m JOIN pg_roles whole ON whole.oid = m.roleid JOIN pg_roles part ON part.oid = m.member
"""
_SETTINGS = """
SELECT role.rolname AS role, datname AS database FROM pg_db_role_setting s
LEFT JOIN pg_roles role ON role.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
"""


async def role_mends(
    admin: Any, charters: Mapping[str, Charter], databases: Mapping[str, str], secrets: Secrets
) -> list[Mend]:
    """Whatever differs in roles; `databases` gives the name of each service's database."""
    rows = {row["rolname"]: row for row in await admin.fetch(_ROLES)}
    found = []
    for charter in charters.values():
        for role in (f"{charter.service}__owner", *login_roles(charter)):
            found += _exact(rows.get(role), charter, role, secrets)
    found += [mend for name, row in rows.items() for mend in _stranger(name, row, charters)]
    found += _members(await admin.fetch(_MEMBERS), charters)
    return found + _settings(await admin.fetch(_SETTINGS), charters, set(databases.values()))


def _exact(row: Any | None, charter: Charter, role: str, secrets: Secrets) -> list[Mend]:
    """Passwords travel as verifiers, never as they are."""
    logs_in = not role.endswith("__owner")
    bypass = role.endswith(("__migrate", "__dump"))
    password = secrets.role_password(charter.service, role) if logs_in else None
    faults = [] if row is None else _faults(row, logs_in, bypass, password)
    if row is not None and not faults:
        return []
    rights = " ".join(f"NO{word}" for word in _MIGHT)
    rights += f" {'' if logs_in else 'NO'}LOGIN INHERIT {'' if bypass else 'NO'}BYPASSRLS"
    verb = "CREATE" if row is None else "ALTER"
    statement = f"{verb} ROLE \"{role}\" WITH {rights} CONNECTION LIMIT -1 VALID UNTIL 'infinity'"
    if password is not None:
        statement += f" PASSWORD '{verifier(password)}'"
    return [Mend(f"role {role} {' and '.join(faults) or 'is missing'}", statement)]


def _faults(row: Any, logs_in: bool, bypass: bool, password: str | None) -> list[str]:
    wrong = {
        "can log in" if row["rolcanlogin"] else "cannot log in": row["rolcanlogin"] != logs_in,
        "passes row policies by" if row["rolbypassrls"] else "meets row policies": row["rolbypassrls"]
        != bypass,
        "is a superuser": row["rolsuper"],
        "makes databases": row["rolcreatedb"],
        "makes roles": row["rolcreaterole"],
        "replicates": row["rolreplication"],
        "does not inherit": not row["rolinherit"],
        "is limited": not row["unlimited"],
        "has another password": password is not None and not verifies(row["rolpassword"], password),
    }
    return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


def _stranger(name: str, row: Any, charters: Mapping[str, Charter]) -> list[Mend]:
    """A login of a purpose that no charter has loses its log-in and its might; grants go with the others."""
    service = name.partition("__")[0]
    if "__" not in name or service not in charters:
        return []
    if name in (f"{service}__owner", *login_roles(charters[service])):
        return []
    mighty = any(row[f"rol{word.lower()}"] for word in ("super", *_MIGHT[1:], "bypassrls"))
    if not (row["rolcanlogin"] or mighty):
        return []
    statement = " ".join([f'ALTER ROLE "{name}" WITH NOLOGIN NOBYPASSRLS', *(f"NO{word}" for word in _MIGHT)])
    return [Mend(f"role {name} serves no purpose of a charter", statement)]


def _members(rows: Any, charters: Mapping[str, Charter]) -> list[Mend]:
    """One membership per service: whoever migrates acts for the owner."""
    wanted = {(f"{service}__owner", f"{service}__migrate", False) for service in charters}
    now = {(row["whole"], row["part"], row["leads"]) for row in rows}
    ours = {one for one in now if {_service(one[0]), _service(one[1])} & set(charters)}
    return [
        *[
            Mend(f"{part} may act as {whole}", f'REVOKE "{whole}" FROM "{part}" CASCADE')
            for whole, part, _ in sorted(ours - wanted)
        ],
        *[
            Mend(f"{part} may not act as {whole}", f'GRANT "{whole}" TO "{part}"')
            for whole, part, _ in sorted(wanted - now)
        ],
    ]


def _settings(rows: Any, charters: Mapping[str, Charter], databases: set[str]) -> list[Mend]:
    """Settings come with the connection, from the chassis; none stands in the catalogue."""
    found = []
    for row in rows:
        role, database = row["role"], row["database"]
        if database in databases or (role is not None and _service(role) in charters):
            whose = f'ROLE "{role}"' if role else "ROLE ALL"
            place = f' IN DATABASE "{database}"' if database else ""
            sentence = f"settings of their own stand for {role or 'everybody'}{place.lower()}"
            found.append(Mend(sentence, f"ALTER {whose}{place} RESET ALL"))
    return found


def _service(role: str) -> str:
    return role.partition("__")[0] if "__" in role else ""


def verifier(password: str, salt: bytes | None = None) -> str:
    """PostgreSQL's SCRAM-SHA-256 verifier of a password (RFC 5803)."""
    salt = salt or hashlib.sha256(b"avondkassa" + password.encode()).digest()[:16]
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64encode(hashlib.sha256(client).digest()).decode()
    server = base64.b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${ITERATIONS}:{base64.b64encode(salt).decode()}${stored}:{server}"


def verifies(stored: str | None, password: str) -> bool:
    """Whether a stored verifier belongs to this password."""
    found = VERIFIER.match(stored or "")
    return bool(found) and hmac.compare_digest(
        stored or "", verifier(password, base64.b64decode(found[2] if found else ""))
    )
