"""A text column that is sealed in the database and plain in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import NOT_PROVIDED, Case, Value
from django.db.models.functions import Cast

from ciam_core.kernel.secrets.seals import SecretUnreadable, seal, unseal

if TYPE_CHECKING:  # generic in django-stubs only
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class SealedText(Value):
    """Text that is sealed already, for an ``UPDATE`` of a sealed column."""


class SealedField(TextField):
    """Text under the key ring. ``None`` stays ``NULL``; ``""`` is sealed: a dump does not tell who left it empty.

    ``context`` is the associated data, ``app_label.Model.field`` unless given: give it the old name when the model or
    the field is renamed. A value that does not open raises ``SecretUnreadable`` when its row is read. It can be looked
    up by ``isnull`` only; keep a ``keyed_digest`` beside it to find a row. ``dumpdata`` writes plain text.
    """

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self._context = context
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        return self._context or f"{self.model._meta.label}.{self.name}"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        if self._context:
            kwargs["context"] = self._context
        return str(name), "ciam_core.kernel.secrets.SealedField", list(args), kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        problems = super().check(**kwargs)
        # django-stubs do not know db_index
        if self.unique or getattr(self, "db_index", False) or self.db_default is not NOT_PROVIDED:
            text = "A sealed field cannot be unique, indexed or filled by the database."
            hint = "No two sealed values are alike. Put the constraint on a column that holds a keyed_digest()."
            problems.append(checks.Error(text, hint=hint, obj=self, id="ciam_kernel.E020"))
        return problems

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if hasattr(value, "resolve_expression"):
            if not self._is_sealed_by(value):
                raise TypeError(f"{self.context} takes text: the database cannot seal an expression.")
            return value
        plain = self.get_prep_value(value)
        return None if plain is None else seal(plain.encode(), context=self.context)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if value is None:
            return None
        try:
            return unseal(value, context=self.context).decode()
        except UnicodeDecodeError:
            raise SecretUnreadable(self.context, "it is not text") from None

    def get_lookup(self, lookup_name: str) -> type[models.Lookup[Any]] | None:
        if lookup_name != "isnull":
            raise FieldError(f"{self.context} is sealed: only 'isnull' can be asked, not {lookup_name!r}.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> type[models.Transform] | None:
        raise FieldError(f"{self.context} is sealed: it has no {lookup_name!r}.")

    def _is_sealed_by(self, expression: Any) -> bool:
        """Whether saving ``expression`` stores sealed text: what ``bulk_update`` builds, and ``SealedText``."""
        if isinstance(expression, Cast):
            return self._is_sealed_by(expression.get_source_expressions()[0])
        if isinstance(expression, Case):
            *branches, default = expression.get_source_expressions()
            return all(self._is_sealed_by(branch.result) for branch in branches) and self._is_sealed_by(default)
        if isinstance(expression, SealedText):
            return True
        return isinstance(expression, Value) and (expression.value is None or expression.output_field == self)
