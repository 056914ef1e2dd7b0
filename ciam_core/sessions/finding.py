"""Finding a session with its person: the one statement of every request that is signed in."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.models import Field, Model

from ciam_core.sessions.models import Session

# By hand: the ORM would take five times as long to write it as the database to answer.
_FIND = """
SELECT {columns} FROM "ciam_core_session" session LEFT JOIN "{people}" person ON person."{pk}" = session."user_id"
WHERE session."key_digest" = %s AND session."expires_at" > %s
"""


class _Column(NamedTuple):
    attname: str
    expression: Any
    converters: Sequence[Callable[..., Any]]


def find_session(key_digest: str, now: datetime) -> Session | None:
    """The session under ``key_digest`` that has not expired, its person read with it."""
    using = router.db_for_read(Session)
    connection = connections[using]
    statement, of_session, of_person = _plan(using, get_user_model())
    with connection.cursor() as cursor:
        cursor.execute(statement, [key_digest, connection.ops.adapt_datetimefield_value(now)])
        row = cursor.fetchone()
    if row is None:
        return None
    session: Session = _built(Session, of_session, row[: len(of_session)], connection)
    if session.user_id is not None:
        session.user = _built(get_user_model(), of_person, row[len(of_session) :], connection)
    return session


@cache
def _plan(using: str, people: type[Model]) -> tuple[str, list[_Column], list[_Column]]:
    """The statement and what its columns are. Made once: a backend's converters depend on its settings only."""
    of_session = _columns(using, Session, "session")
    of_person = _columns(using, people, "person")
    compiler = Session.objects.using(using).query.get_compiler(using)
    columns = ", ".join(compiler.compile(column.expression)[0] for column in of_session + of_person)
    names = {"people": people._meta.db_table, "pk": people._meta.pk.column}
    return _FIND.format(columns=columns, **names), of_session, of_person


def _columns(using: str, model: type[Model], alias: str) -> list[_Column]:
    return [_column(using, field, alias) for field in model._meta.concrete_fields]


def _column(using: str, field: "Field[Any, Any]", alias: str) -> _Column:
    connection, expression = connections[using], field.get_col(alias)
    converters = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    return _Column(field.attname, expression, converters)


def _built(model: Any, columns: Sequence[_Column], values: Sequence[Any], connection: Any) -> Any:
    """An instance, as the ORM makes it."""
    read = []
    for column, value in zip(columns, values, strict=True):
        for convert in column.converters:
            value = convert(value, column.expression, connection)
        read.append(value)
    return model.from_db(connection.alias, [column.attname for column in columns], read)
