"""What a person has, as the console shows it: tables of plain cells, masked where they are personal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from ciam_core.kernel.registry import Registry
from ciam_core.models import AbstractCustomer

Text = str | Promise

HIDDEN = "•••••"


@dataclass(frozen=True)
class Row:
    """``url``: where what can be done to it is asked, if it can."""

    cells: tuple[Any, ...]
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """``act`` is what the link in a row says, ``all_url`` where the whole list is."""

    title: Text
    columns: tuple[Text, ...]
    rows: list[Row]
    act: Text = ""
    all_url: str = ""


person_tables: Registry[Callable[[AbstractCustomer], Table]] = Registry("table of a person")
"""What apps that may be left out know of a person, a few rows each; shown on the person's page."""

revealed_tables: Registry[Callable[[AbstractCustomer], Table]] = Registry("revealed table of a person")
"""What of theirs is masked there, in clear: shown with the personal data, to who gives a reason."""


def hidden(value: Any) -> str:
    """That there is something, not what."""
    return HIDDEN if value else "—"
