"""Lists that may be endless: the newest first, page after page by key, never counted."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

OLDER, NEWER = "older_than", "newer_than"
AT_MOST = 1000
PAGE = 50


@dataclass(frozen=True)
class KeysetPage:
    """Some ``rows``, newest first; ``older_than`` and ``newer_than`` lead on, where there are more."""

    rows: list[Any]
    older_than: UUID | None = None
    newer_than: UUID | None = None

    @classmethod
    def asked(cls, request: HttpRequest, queryset: QuerySet[Any], size: int = PAGE) -> Self:
        """The page of ``queryset`` that the URL names, in one statement."""
        older, newer = _key(request, OLDER), _key(request, NEWER)
        ordered = queryset.order_by("pk" if newer else "-pk")
        if newer:
            ordered = ordered.filter(pk__gt=newer)
        elif older:
            ordered = ordered.filter(pk__lt=older)
        found = list(ordered[: size + 1])
        more, rows = len(found) > size, found[:size]
        if newer:
            rows.reverse()
        return cls(
            rows,
            older_than=rows[-1].pk if rows and (more or newer) else None,
            newer_than=rows[0].pk if rows and (older or (newer and more)) else None,
        )


class Uncounted(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """For the admin's autocomplete: says how many there are up to 1000, and stops counting there."""

    @cached_property
    def count(self) -> int:
        return len(self.object_list.values_list("pk")[:AT_MOST])  # type: ignore[attr-defined]  # a queryset


def cursor_in(request: HttpRequest) -> str:
    """What names this page of a list in a URL: ``?older_than=…``, or nothing for the first."""
    given = {name: request.GET[name] for name in (OLDER, NEWER) if request.GET.get(name)}
    return f"?{urlencode(given)}" if given else ""


class KeysetChangeList(ChangeList):
    """Pages by primary key (UUIDv7: by time): ``?older_than=`` and ``?newer_than=`` an id."""

    older_url = newer_url = ""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        own = super().get_filters_params(params)
        return {name: value for name, value in own.items() if name not in (OLDER, NEWER)}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Another filter begins at the first page again."""
        return super().get_query_string({OLDER: None, NEWER: None, **(new_params or {})}, remove)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        page = KeysetPage.asked(request, self.queryset, self.list_per_page)
        if page.older_than:
            self.older_url = self.get_query_string({OLDER: page.older_than})
        if page.newer_than:
            self.newer_url = self.get_query_string({NEWER: page.newer_than})
        self.result_list = rows = page.rows
        # What the admin's templates ask; equal, or they would tell a number.
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = self.can_show_all = self.multi_page = self.show_admin_actions = False
        self.paginator = Paginator(rows, self.list_per_page)


class KeysetAdmin(ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A list that is read: nothing is added, edited or deleted in it, and no parameter of the URL looks into a column.

    The admin takes any column of the table as a filter; who may see a masked value could guess it letter by letter.
    """

    change_list_template = "ciam_admin/change_list.html"
    paginator = Uncounted
    list_per_page = PAGE
    show_full_result_count = False
    sortable_by = ()
    actions = None
    ordering = ("-pk",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _key(request: HttpRequest, name: str) -> UUID | None:
    given = request.GET.get(name)
    try:
        return UUID(given) if given else None
    except ValueError as error:
        raise IncorrectLookupParameters(error) from error
