"""Triggers that refuse to change or remove a row of the trail, whoever asks: the ORM, a shell, psql.

Who owns the tables can drop a trigger. So a check names a missing one, ``migrate`` puts it back, and what was changed
meanwhile is found by ``ciam_audit verify``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {
    "ciam_core_auditevent": ("id",),
    "ciam_core_auditsequence": ("number", "event_id"),
    "ciam_core_auditcheckpoint": ("number",),
}
"""Table → the columns whose conflict makes SQLite's ``INSERT OR REPLACE`` remove a row."""

_BODY = """
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
"""
_POSTGRESQL = {
    "ciam_audit_change": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",  # partitions inherit it
    "ciam_audit_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
_SQLITE = {
    "update": "BEFORE UPDATE ON {table}",
    "delete": "BEFORE DELETE ON {table}",
    "replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {conflict})",
}
_FOUND = """
SELECT c.relname, t.tgname, t.tgenabled = 'A' AND p.prosrc = %s AND t.tgqual IS NULL
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'ciam_audit_refuse'
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard where it is missing, turned off or not ours. To run it again changes nothing."""
    absent = missing(connection)
    if not absent:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            function = "CREATE OR REPLACE FUNCTION ciam_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS %s"
            cursor.execute(function, [_BODY])
        for table, guard in absent:
            for statement in _creation(connection, table, guard):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper, tables: Iterable[str] = ()) -> None:
    """Turn the guards of ``tables`` off, all by default. ``install`` turns them on."""
    with connection.cursor() as cursor:
        for table, guard in _found(connection):
            if tables and table not in tables:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{guard}"')
            else:
                cursor.execute(f'DROP TRIGGER "{table}_{guard}"')


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """No guards within, and all of them after, whatever happens. For ``flush`` and retention, nothing else."""
    lift(connection)
    try:
        yield
    finally:
        install(connection)


def missing(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Table and guard, where a table of the trail exists without one of its guards, or with one that does nothing."""
    found = _found(connection)
    return [pair for pair in _wanted(connection) if not found.get(pair)]


def partitions(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """The names of all partitions, the default one too; none where it is one table."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)", [table])
        return sorted(name for (name,) in cursor.fetchall())


def _wanted(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """A partitioned table before its partitions."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
    guards = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    tables = [part for table in TABLES if table in existing for part in (table, *partitions(connection, table))]
    return [(table, guard) for table in tables for guard in guards]


def _found(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], bool]:
    """The guards that exist, and whether each would refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FOUND, [_BODY])
            return {(table, guard): intact for table, guard, intact in cursor.fetchall()}
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        told = dict(cursor.fetchall())
    ours = {(table, guard): told.get(f"{table}_{guard}") for table in TABLES for guard in _SQLITE}
    return {pair: text == _sqlite_trigger(*pair) for pair, text in ours.items() if text}


def _creation(connection: BaseDatabaseWrapper, table: str, guard: str) -> list[str]:
    if connection.vendor != "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{table}_{guard}"', _sqlite_trigger(table, guard)]
    # Always: also where session_replication_role turns ordinary triggers off.
    enable = f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{guard}"'
    if guard == "ciam_audit_change" and table not in TABLES:
        return [enable]
    event = _POSTGRESQL[guard].format(table=f'"{table}"')
    return [f'CREATE OR REPLACE TRIGGER "{guard}" {event} EXECUTE FUNCTION ciam_audit_refuse()', enable]


def _sqlite_trigger(table: str, guard: str) -> str:
    conflict = " OR ".join(f'"{column}" = NEW."{column}"' for column in (*TABLES[table], "rowid"))
    event = _SQLITE[guard].format(table=f'"{table}"', conflict=conflict)
    refusal = f"SELECT RAISE(ABORT, 'The audit trail is append-only: {guard} of {table} is refused.')"
    return f'CREATE TRIGGER "{table}_{guard}" {event} BEGIN {refusal}; END'
