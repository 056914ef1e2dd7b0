"""A table with sealed columns that exists only while a test asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.apps.registry import Apps
from django.db import connection, models

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.secrets import SealedField


class Vault(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    iban = SealedField(null=True)
    note = SealedField(default="")
    plain = models.TextField(default="")

    class Meta:
        app_label = "ciam_kernel"
        apps = Apps()

    def __str__(self) -> str:
        return str(self.id)


@contextmanager
def vault_table() -> Iterator[type[Vault]]:
    """``Vault`` as if an app had it. By hand, because SQLite changes no schema inside a transaction."""
    id_type = Vault._meta.pk.db_type(connection)
    table = Vault._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (id {id_type} PRIMARY KEY, iban text, note text NOT NULL, plain text)")
    apps.register_model("ciam_kernel", Vault)
    try:
        yield Vault
    finally:
        del apps.all_models["ciam_kernel"]["vault"]
        apps.clear_cache()
        if not connection.in_atomic_block:  # else the test's own block takes the table with it
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {table}")
