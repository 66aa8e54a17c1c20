"""Every wall of PostgreSQL as the catalogue tells it: what was taken down must stand again, to the letter."""

from __future__ import annotations

import asyncio

from deploy.local.environment import SERVICES
from tests.attacks.ground import Ground

CATALOGUE = """
SELECT concat('role ', rolname, ' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
    rolreplication, rolbypassrls) AS line FROM pg_roles
UNION ALL SELECT concat('member ', roleid::regrole, ' ', member::regrole) FROM pg_auth_members
UNION ALL SELECT concat('setting ', setrole, ' ', setdatabase, ' ', setconfig) FROM pg_db_role_setting
UNION ALL SELECT concat('schema ', nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
UNION ALL SELECT concat('table ', oid::regclass, ' ', relkind, relrowsecurity, relforcerowsecurity,
    relhastriggers) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT concat('function ', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT concat('policy ', polrelid::regclass, ' ', polname, polcmd, polpermissive,
    polroles::regrole[], pg_get_expr(polqual, polrelid), '|', pg_get_expr(polwithcheck, polrelid))
    FROM pg_policy
UNION ALL SELECT concat(kind, ' ', name, ' ', item.grantee::regrole, ' ', item.privilege_type,
    item.is_grantable)
FROM (
    SELECT 'database' AS kind, datname::text AS name, COALESCE(datacl, acldefault('d', datdba)) AS acl
        FROM pg_database
    UNION ALL SELECT 'schema', nspname, COALESCE(nspacl, acldefault('n', nspowner)) FROM pg_namespace
    UNION ALL SELECT 'function', oid::regprocedure::text, COALESCE(proacl, acldefault('f', proowner))
        FROM pg_proc
    UNION ALL SELECT 'relation', oid::regclass::text,
        COALESCE(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
        FROM pg_class
    UNION ALL SELECT 'column', concat(attrelid::regclass, '.', attname), attacl FROM pg_attribute
        WHERE attacl IS NOT NULL
) AS held CROSS JOIN LATERAL aclexplode(held.acl) AS item
"""


async def walls_of(ground: Ground) -> frozenset[str]:
    """One line for every grant, role, membership, policy, table and function of every database."""

    async def of(service: str) -> set[str]:
        async with ground.superuser(service) as connection:
            return {f"{service}: {row['line']}" for row in await connection.fetch(CATALOGUE)}

    return frozenset().union(*await asyncio.gather(*map(of, SERVICES)))


def differences(before: frozenset[str], after: frozenset[str]) -> list[str]:
    """What stands there now and did not, and what is gone."""
    return [f"more: {line}" for line in sorted(after - before)] + [
        f"less: {line}" for line in sorted(before - after)
    ]
