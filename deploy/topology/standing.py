"""Everything that stands as a permission in a database, compared with what is wanted.

What PostgreSQL gives of itself (pg_init_privs, acldefault) is the base; house and charter add to it and take
from it. Whatever else is found, of any kind of object, was done by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from deploy.topology.grants import Grant

EVERYBODY = "PUBLIC"
LARGE_OBJECT_MAKERS = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid,bytea)")
SETTER = "set_config(text,text,boolean)"

_HELD = """
WITH thing AS (
  SELECT 'pg_class'::regclass AS class, oid, 0 AS sub, oid::regclass::text AS name, '' AS part,
    CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, relacl AS acl,
    acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner) AS usual
  FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'pg_class'::regclass, attrelid, attnum, attrelid::regclass::text, attname, 'TABLE', attacl,
    acldefault('c', 10)
  FROM pg_attribute WHERE attacl IS NOT NULL AND NOT attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass, oid, 0, oid::regprocedure::text, '', 'ROUTINE', proacl,
    acldefault('f', proowner)
  FROM pg_proc
  UNION ALL
  SELECT 'pg_namespace'::regclass, oid, 0, quote_ident(nspname), '', 'SCHEMA', nspacl,
    acldefault('n', nspowner)
  FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL
  SELECT 'pg_type'::regclass, oid, 0, format_type(oid, NULL), '', 'TYPE', typacl, acldefault('T', typowner)
  FROM pg_type WHERE typacl IS NOT NULL
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 0, quote_ident(lanname), '', 'LANGUAGE', lanacl,
    acldefault('l', lanowner)
  FROM pg_language
  UNION ALL
  SELECT 'pg_database'::regclass, oid, 0, quote_ident(datname), '', 'DATABASE', datacl,
    acldefault('d', datdba)
  FROM pg_database WHERE datname = ANY ($1)
  UNION ALL
  SELECT 'pg_tablespace'::regclass, oid, 0, quote_ident(spcname), '', 'TABLESPACE', spcacl,
    acldefault('t', spcowner)
  FROM pg_tablespace WHERE spcacl IS NOT NULL
  UNION ALL
  SELECT 'pg_parameter_acl'::regclass, oid, 0, parname, '', 'PARAMETER', paracl, acldefault('p', 10)
  FROM pg_parameter_acl
), both_acls AS (
  SELECT kind, name, part, COALESCE(acl, usual) AS now, COALESCE(init.initprivs, usual) AS base
  FROM thing LEFT JOIN pg_init_privs init
    ON init.classoid = thing.class AND init.objoid = thing.oid AND init.objsubid = thing.sub
), now AS (
  SELECT kind, name, part, grantee, privilege_type, is_grantable FROM both_acls, aclexplode(now)
), base AS (
  SELECT kind, name, part, grantee, privilege_type, is_grantable FROM both_acls, aclexplode(base)
)
SELECT found.*, COALESCE(role.rolname, 'PUBLIC') AS role FROM (
  (SELECT true AS more, * FROM now EXCEPT SELECT true, * FROM base)
  UNION ALL
  (SELECT false, * FROM base EXCEPT SELECT false, * FROM now)
) AS found LEFT JOIN pg_roles role ON role.oid = found.grantee
"""

_STRANGE = """
SELECT replace(named.type, 'foreign-data', 'foreign data') AS kind, named.identity AS name FROM (
  SELECT 1 AS turn, 'pg_event_trigger'::regclass AS class, oid FROM pg_event_trigger
  UNION ALL SELECT 1, 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 1, 'pg_rewrite'::regclass, oid FROM pg_rewrite
  UNION ALL SELECT 1, 'pg_publication'::regclass, oid FROM pg_publication
  UNION ALL SELECT 2, 'pg_class'::regclass, oid FROM pg_class WHERE relkind IN ('v', 'm', 'f')
  UNION ALL SELECT 3, 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL SELECT 4, 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
  UNION ALL SELECT 4, 'pg_extension'::regclass, oid FROM pg_extension
  UNION ALL SELECT 5, 'pg_proc'::regclass, oid FROM pg_proc
  UNION ALL SELECT 6, 'pg_type'::regclass, oid FROM pg_type
  UNION ALL SELECT 7, 'pg_language'::regclass, oid FROM pg_language
  UNION ALL SELECT 8, 'pg_namespace'::regclass, oid FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT 9, 'pg_largeobject'::regclass, oid FROM pg_largeobject_metadata
) AS made CROSS JOIN LATERAL pg_identify_object(made.class, made.oid, 0) AS named
WHERE made.oid >= 16384 AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = made.class AND d.objid = made.oid AND d.deptype IN ('i', 'e'))
ORDER BY made.turn
"""

_OWNED = """
SELECT named.type AS kind, named.identity AS name, owner.rolname AS owner,
  CASE WHEN owned.oid >= 16384 THEN $1 WHEN named.identity = 'public' THEN 'pg_database_owner'
    ELSE (SELECT rolname FROM pg_roles WHERE oid = 10) END AS wanted
FROM (
  SELECT classid AS class, objid AS oid, refobjid AS owner FROM pg_shdepend
  WHERE deptype = 'o' AND classid NOT IN ('pg_default_acl'::regclass, 'pg_database'::regclass)
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION
  SELECT 'pg_class'::regclass, oid, relowner FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
  UNION
  SELECT 'pg_database'::regclass, oid, datdba FROM pg_database WHERE datname = current_database()
) AS owned CROSS JOIN LATERAL pg_identify_object(owned.class, owned.oid, 0) AS named
JOIN pg_roles owner ON owner.oid = owned.owner
"""

_DEFAULTS = """
SELECT maker.rolname AS maker, quote_ident(n.nspname) AS schema, d.defaclobjtype AS letter,
  COALESCE(r.rolname, 'PUBLIC') AS role, item.privilege_type AS privilege, item.is_grantable AS passes_on
FROM pg_default_acl d JOIN pg_roles maker ON maker.oid = d.defaclrole
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL aclexplode(d.defaclacl) AS item LEFT JOIN pg_roles r ON r.oid = item.grantee
WHERE n.nspname IS NOT NULL OR item.grantee <> d.defaclrole
"""
_SEQUENCES = """
SELECT oid::regclass::text AS name FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
_LETTERS = {
    "r": "TABLES",
    "S": "SEQUENCES",
    "f": "ROUTINES",
    "T": "TYPES",
    "n": "SCHEMAS",
    "L": "LARGE OBJECTS",
}


class Held(NamedTuple):
    """One privilege on one object, or on one column (`part`) of it."""

    kind: str
    name: str
    part: str
    role: str
    privilege: str
    passes_on: bool = False

    def words(self) -> str:
        """The privilege as it stands in GRANT and REVOKE."""
        return f'{self.privilege} ("{self.part}")' if self.part else self.privilege

    def take(self) -> Mend:
        """What mends its presence; whoever got it from this role loses it too."""
        more = " and may pass that on" if self.passes_on else ""
        statement = f"REVOKE {self.words()} ON {self.kind} {self.name} FROM {_grantee(self.role)} CASCADE"
        return Mend(f"{self.role} may {self._told()}{more}, which nobody declared", statement)

    def _told(self) -> str:
        part = f" column {self.part} of" if self.part else ""
        return f"{self.privilege}{part} {self.kind.lower()} {self.name}"


class Mend(NamedTuple):
    """A difference in a sentence, and the statement that mends it."""

    sentence: str
    statement: str


class House(NamedTuple):
    """Whose database it is: the service, its logins, and the grants of its charter."""

    service: str
    database: str
    logins: tuple[str, ...]
    grants: frozenset[Grant]

    def role(self, name: str) -> str:
        """A role of this service."""
        return f"{self.service}__{name}"


async def object_mends(connection: Any, house: House) -> list[Mend]:
    """Objects that no migration makes and no charter explains, and objects in wrong hands.

    Migrations make tables, indexes and sequences; a view, a function or a trigger has rights of its own.
    """
    found = []
    for row in await connection.fetch(_STRANGE):
        kind, name = row["kind"], row["name"]
        drop = f"SELECT lo_unlink({name})" if kind == "large object" else f"DROP {kind.upper()} {name}"
        found.append(Mend(f"there is a {kind} {name}, which nobody declared", drop))
    for row in await connection.fetch(_OWNED, house.role("owner")):
        if row["owner"] != row["wanted"]:
            sentence = f"{row['kind']} {row['name']} belongs to {row['owner']}, not to {row['wanted']}"
            mend = f'ALTER {row["kind"].upper()} {row["name"]} OWNER TO "{row["wanted"]}"'
            found.append(Mend(sentence, mend))
    return found


async def privilege_mends(connection: Any, house: House, tables: Iterable[str]) -> list[Mend]:
    """Privileges that are too many or too few, on whatever kind of object."""
    more: set[Held] = set()
    less: set[Held] = set()
    for row in await connection.fetch(_HELD, [house.database]):
        (more if row["more"] else less).add(_held(row))
    sequences = [row["name"] for row in await connection.fetch(_SEQUENCES)]
    given, taken = set(_given(house, tables, sequences)), set(_taken(house))
    too_many = (more - given) | (taken - less)
    too_few = (given - more) | (less - taken)
    return [held.take() for held in sorted(too_many)] + _given_together(too_few)


def _given_together(few: Iterable[Held]) -> list[Mend]:
    """One statement for each object and role: a first start gives thousands."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for held in sorted(few):
        together.setdefault((held.kind, held.name, held.role), []).append(held.words())
    return [
        Mend(
            f"{role} may not {', '.join(words)} on {kind.lower()} {name} as it should",
            f"GRANT {', '.join(words)} ON {kind} {name} TO {_grantee(role)}",
        )
        for (kind, name, role), words in together.items()
    ]


def _grantee(role: str) -> str:
    return EVERYBODY if role == EVERYBODY else f'"{role}"'


def _given(house: House, tables: Iterable[str], sequences: Iterable[str]) -> Iterator[Held]:
    """What the house and the charter add to what PostgreSQL gives by itself."""
    dump = house.role("dump")
    for login in house.logins:
        yield Held("SCHEMA", "public", "", login, "USAGE")
        yield Held("DATABASE", house.database, "", login, "CONNECT")
    for maker in ("owner", "migrate"):
        yield Held("SCHEMA", "public", "", house.role(maker), "CREATE")
    yield Held("ROUTINE", SETTER, "", dump, "EXECUTE")
    for kind, names in (("TABLE", tables), ("SEQUENCE", sequences)):
        for name in names:
            yield Held(kind, name, "", dump, "SELECT")
    for grant in house.grants:
        yield Held("TABLE", grant.table, grant.column or "", grant.role, grant.privilege)


def _taken(house: House) -> Iterator[Held]:
    """What PostgreSQL gives everybody and the house takes away.

    set_config would be a road around the policies; a large object, a place for data of persons that no
    charter explains and no erasure finds.
    """
    yield Held("SCHEMA", "public", "", EVERYBODY, "USAGE")
    for routine in (SETTER, *LARGE_OBJECT_MAKERS):
        yield Held("ROUTINE", routine, "", EVERYBODY, "EXECUTE")
    for privilege in ("CONNECT", "TEMPORARY"):
        yield Held("DATABASE", house.database, "", EVERYBODY, privilege)


async def closed_mends(connection: Any, databases: Iterable[str]) -> list[Mend]:
    """Databases of the server itself into which nobody comes, though PostgreSQL lets everybody in."""
    names = list(databases)
    rows = [row for row in await connection.fetch(_HELD, names) if row["kind"] == "DATABASE"]
    more = {_held(row) for row in rows if row["more"]}
    less = {_held(row) for row in rows if not row["more"]}
    shut = {
        Held("DATABASE", name, "", EVERYBODY, word) for name in names for word in ("CONNECT", "TEMPORARY")
    }
    return [held.take() for held in sorted(more | (shut - less))]


def _held(row: Any) -> Held:
    return Held(
        row["kind"], row["name"], row["part"], row["role"], row["privilege_type"], row["is_grantable"]
    )


async def default_mends(connection: Any, house: House) -> list[Mend]:
    """Privileges that objects made later would have: dumps read them, and nobody else."""
    wanted = {
        (house.role(maker), "public", letter, house.role("dump"), "SELECT", False)
        for maker in ("owner", "migrate")
        for letter in ("r", "S")
    }
    now = {
        (r["maker"], r["schema"], r["letter"].decode(), r["role"], r["privilege"], r["passes_on"])
        for r in await connection.fetch(_DEFAULTS)
    }
    return [
        *[_default("REVOKE", "FROM", *one) for one in sorted(now - wanted, key=str)],
        *[_default("GRANT", "TO", *one) for one in sorted(wanted - now, key=str)],
    ]


def _default(
    verb: str,
    to: str,
    maker: str,
    schema: str | None,
    letter: str,
    role: str,
    privilege: str,
    passes_on: bool,
) -> Mend:
    kind = _LETTERS[letter]
    place = f" IN SCHEMA {schema}" if schema else ""
    may = "may" if verb == "REVOKE" else "may not"
    sentence = f"{role} {may} {privilege} {kind.lower()} that {maker} makes later"
    which = f"{verb} {privilege} ON {kind} {to} {_grantee(role)}"
    return Mend(
        sentence + (" and pass that on" if passes_on else ""),
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{maker}"{place} {which}',
    )
