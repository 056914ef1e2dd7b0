"""What is held about a person, who declares it, and how it is handed out and erased.

Each app declares its own tables, and those of third parties it brings, in ``AppConfig.ready()``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import router, transaction
from django.db.models import Model, QuerySet

from ciam_core.kernel.conf import conf
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.secrets import destroy_person_key

USER_ORDER = 1000
"""The ``order`` of the row the person is: after everything that points at it, before the person's key."""

Row = dict[str, Any]


class Erase(StrEnum):
    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One declared table; see ``declare``."""

    model: type[Model]
    subject: str
    on_erase: Erase
    fields: tuple[str, ...]
    replacements: Mapping[str, Any] = field(default_factory=dict)
    basis: str = ""
    export: Callable[[str], Iterable[Row]] | None = None
    order: int = 0

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows(self, subject_id: str) -> QuerySet[Any]:
        return QuerySet(model=self.model, using=router.db_for_write(self.model)).filter(**{self.subject: subject_id})


@dataclass(frozen=True)
class ErasedStep:
    """What became of one table: ``rows`` deleted, anonymised or kept (then ``basis`` says why)."""

    label: str
    act: Erase
    rows: int
    basis: str = ""


holdings: Registry[Holding] = Registry("personal data of")

Note = Callable[[str, ErasedStep], None]
"""Told of a step by its name among the ``holdings``."""


def declare(
    label: str,
    *,
    subject: str,
    on_erase: Erase,
    fields: Iterable[str],
    replacements: Mapping[str, Any] | None = None,
    basis: str = "",
    export: Callable[[str], Iterable[Row]] | None = None,
    order: int = 0,
) -> Holding:
    """Say what the model ``label`` ("shop.Order") holds about a person and what erasing them does to it.

    ``subject`` is the lookup from a row to the person's id ("customer_id", "order__customer_id"), ``fields`` what is
    personal and exported. ``ANONYMISE`` needs a value in ``replacements`` for each of them, ``KEEP`` its legal
    ``basis``. ``export`` takes the subject's id and replaces the plain columns, where they are sealed or say too
    little. Smaller ``order`` is erased first. Contradictions are a ``ValueError``, unknown names Django's own errors.
    """
    holding = Holding(
        model=apps.get_model(label),
        subject=subject,
        on_erase=on_erase,
        fields=tuple(fields),
        replacements=dict(replacements or {}),
        basis=basis,
        export=export,
        order=order,
    )
    _require_sound(holding)
    return holdings.add(f"{holding.label} by {subject}", holding)


def erase_personal_data(subject_id: str, *, note: Note = lambda name, step: None) -> list[ErasedStep]:
    """Erase a person: every holding in its order, each in a transaction of its own, the person's key last.

    ``note`` is called in the transaction of each step, so that a table's count stands or falls with its rows.

    Each step may be repeated, so a run that was killed is finished by running it again: note outside that an erasure
    is due, and note its end only when this has returned. Inside a transaction it is a ``RuntimeError``.
    """
    named = sorted(zip(holdings.names(), holdings, strict=True), key=lambda pair: pair[1].order)
    steps = [_erase(name, holding, subject_id, note) for name, holding in named]
    with transaction.atomic(using=conf().PERSON_KEYS_DATABASE, durable=True):
        destroy_person_key(subject_id)
    return steps


def export_personal_data(subject_id: str) -> dict[str, list[Row]]:
    """What is held about a person, by model label: rows of field and value. Tables that hold nothing are left out."""
    exported: dict[str, list[Row]] = {}
    for holding in holdings:
        rows = holding.export(subject_id) if holding.export else holding.rows(subject_id).values(*holding.fields)
        exported.setdefault(holding.label, []).extend(rows)
    return {label: rows for label, rows in exported.items() if rows}


def _erase(name: str, holding: Holding, subject_id: str, note: Note) -> ErasedStep:
    rows = holding.rows(subject_id)
    with transaction.atomic(using=rows.db, durable=True):
        step = ErasedStep(holding.label, holding.on_erase, _act_on(holding, rows), holding.basis)
        note(name, step)
        return step


def _act_on(holding: Holding, rows: QuerySet[Any]) -> int:
    match holding.on_erase:
        case Erase.DELETE:
            return rows.delete()[1].get(holding.label, 0)
        case Erase.ANONYMISE:
            return rows.update(**holding.replacements)
        case Erase.KEEP:
            return rows.count()


def _require_sound(holding: Holding) -> None:
    for name in (*holding.fields, *holding.replacements):
        holding.model._meta.get_field(name)
    if holding.on_erase is Erase.KEEP and not holding.basis:
        raise ValueError(f"{holding.label}: what is kept needs its legal basis.")
    unreplaced = set(holding.fields) - set(holding.replacements)
    if holding.on_erase is Erase.ANONYMISE and (unreplaced or not holding.replacements):
        raise ValueError(f"{holding.label}: nothing replaces {', '.join(sorted(unreplaced)) or 'anything'}.")
    if holding.on_erase is not Erase.ANONYMISE and holding.replacements:
        raise ValueError(f"{holding.label}: replacements are for what is anonymised.")
