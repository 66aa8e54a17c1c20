"""Every kind of permission that somebody may give by hand is shown in a sentence and taken back."""

from __future__ import annotations

import asyncpg
import pytest

from deploy.topology import database
from tests.topology.conftest import Installation

R = '"orders__rights"'
BY_HAND = {
    "a setting's way around policies": (
        "GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC",
        "PUBLIC may EXECUTE routine set_config(text,text,boolean)",
    ),
    "a place for large objects": (
        f"GRANT EXECUTE ON FUNCTION lo_create(oid) TO {R}",
        "orders__rights may EXECUTE routine lo_create(oid)",
    ),
    "a large object": ("SELECT lo_create(0)", "there is a large object"),
    "reading files": (
        f"GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {R}",
        "orders__rights may EXECUTE routine pg_read_file(text)",
    ),
    "a column for everybody": (
        "GRANT SELECT (email) ON order_person TO PUBLIC",
        "PUBLIC may SELECT column email of table order_person",
    ),
    "a privilege to pass on": (
        f"GRANT SELECT (email) ON order_person TO {R} WITH GRANT OPTION",
        "orders__rights may SELECT column email of table order_person and may pass that on",
    ),
    "the dump writes": (
        'GRANT UPDATE ON order_person TO "orders__dump"',
        "orders__dump may UPDATE table order_person",
    ),
    "another service's login": (
        'GRANT SELECT ON order_person TO "notify__rights"',
        "notify__rights may SELECT table order_person",
    ),
    "a table of PostgreSQL itself": (
        f"GRANT SELECT ON pg_authid TO {R}",
        "orders__rights may SELECT table pg_authid",
    ),
    "a membership": (f'GRANT "orders__owner" TO {R}', "orders__rights may act as orders__owner"),
    "a role of PostgreSQL": (f"GRANT pg_read_all_data TO {R}", "orders__rights may act as pg_read_all_data"),
    "making roles": (f"ALTER ROLE {R} CREATEROLE", "role orders__rights makes roles"),
    "an owner who logs in": ('ALTER ROLE "orders__owner" LOGIN', "role orders__owner can log in"),
    "a setting of a role": (
        f"ALTER ROLE {R} SET app.organisation = 'x'",
        "settings of their own stand for orders__rights",
    ),
    "a stranger in the database": (
        'GRANT CONNECT ON DATABASE avondkassa_orders TO "notify__rights"',
        "notify__rights may CONNECT database avondkassa_orders",
    ),
    "a way into the server's own database": (
        f"GRANT CONNECT ON DATABASE postgres TO {R}",
        "orders__rights may CONNECT database postgres",
    ),
    "temporary tables": (
        "GRANT TEMPORARY ON DATABASE avondkassa_orders TO PUBLIC",
        "PUBLIC may TEMPORARY database avondkassa_orders",
    ),
    "schemas": (
        'GRANT CREATE ON DATABASE avondkassa_orders TO "orders__payment"',
        "orders__payment may CREATE database avondkassa_orders",
    ),
    "tables": (f"GRANT CREATE ON SCHEMA public TO {R}", "orders__rights may CREATE schema public"),
    "a sequence": (
        "CREATE SEQUENCE counted; GRANT USAGE ON counted TO PUBLIC",
        "PUBLIC may USAGE sequence counted",
    ),
    "a language": (f"GRANT USAGE ON LANGUAGE plpgsql TO {R}", "orders__rights may USAGE language plpgsql"),
    "a parameter": (
        f"GRANT SET ON PARAMETER session_replication_role TO {R}",
        "orders__rights may SET parameter session_replication_role",
    ),
    "what is made later": (
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "orders__owner" GRANT SELECT ON TABLES TO {R}',
        "orders__rights may SELECT tables that orders__owner makes later",
    ),
    "a function with its maker's rights": (
        "CREATE FUNCTION peek() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS 'SELECT count(*) FROM seat'",
        "there is a function public.peek()",
    ),
    "a view": ("CREATE VIEW everybody AS SELECT * FROM order_person", "there is a view public.everybody"),
    "a trigger": (
        "CREATE TRIGGER t BEFORE UPDATE ON seat FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "there is a trigger t on public.seat",
    ),
    "a rule": (
        "CREATE RULE away AS ON DELETE TO seat DO INSTEAD NOTHING",
        "there is a rule away on public.seat",
    ),
    "a publication": ("CREATE PUBLICATION leak FOR ALL TABLES", "there is a publication leak"),
    "a foreign server": (
        "CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far",
        "there is a server away",
    ),
    "a schema": ("CREATE SCHEMA side", "there is a schema side"),
    "a type": ("CREATE DOMAIN short AS text", "there is a type public.short"),
    "an event trigger": (
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER seen ON ddl_command_end EXECUTE FUNCTION f()",
        "there is a event trigger seen",
    ),
    "a table in wrong hands": (
        f"ALTER TABLE seat OWNER TO {R}",
        "table public.seat belongs to orders__rights",
    ),
    "a table of the superuser's": (
        "ALTER TABLE hall OWNER TO postgres",
        "table public.hall belongs to postgres",
    ),
    "the database in wrong hands": (
        f"ALTER DATABASE avondkassa_orders OWNER TO {R}",
        "database avondkassa_orders belongs to orders__rights",
    ),
    "a routine of PostgreSQL's in wrong hands": (
        f"ALTER FUNCTION pg_catalog.pg_read_file(text) OWNER TO {R}",
        "belongs to orders__rights, not to postgres",
    ),
    "a setting of a database": (
        "ALTER DATABASE avondkassa_orders SET search_path = 'x'",
        'settings of their own stand for everybody in database "avondkassa_orders"',
    ),
}


@pytest.mark.requirement("W-11")
async def test_whatever_is_given_by_hand_is_told_in_a_sentence_and_taken_back(
    installation: Installation,
) -> None:
    """All at once: that one is seen must not depend on its being alone."""
    way = (installation.server.dsn, installation.secrets, installation.charters)
    for given, _ in BY_HAND.values():
        for statement in given.split(";"):
            await installation.run("orders", statement)
    told = [f"{entry.where}: {entry.sentence}" for entry in await database.drift(*way)]
    unseen = [what for what, (_, sentence) in BY_HAND.items() if not any(sentence in line for line in told)]
    assert unseen == [], told
    await database.apply(*way)
    assert await database.drift(*way) == []


async def test_a_login_that_nobody_knows_is_told_and_keeps_nothing(installation: Installation) -> None:
    way = (installation.server.dsn, installation.secrets, installation.charters)
    await installation.run("orders", "CREATE ROLE \"orders__gossip\" LOGIN CREATEROLE PASSWORD 'x'")
    await installation.run("orders", 'GRANT SELECT ON order_person TO "orders__gossip"')
    sentences = [entry.sentence for entry in await database.drift(*way)]
    assert "role orders__gossip serves no purpose of a charter" in sentences
    assert any("orders__gossip may SELECT table order_person" in sentence for sentence in sentences)
    await database.apply(*way)
    assert await database.drift(*way) == []
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(database.dsn_as(way[0], "avondkassa_orders", "orders__gossip", "x"))
