"""Lists that may grow, in REST: twenty at a time, newest first, and on from the id of the last (UUIDv7: by time)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

SHOWN = 20


class CursorSerializer(serializers.Serializer[Any]):
    before = serializers.UUIDField(required=False, help_text="As ``next`` has it.")


def cursor_of(request: Request) -> UUID | None:
    """The id to go on from; None for the first page. What is no id is DRF's ``ValidationError``."""
    given = CursorSerializer(data=request.query_params)
    given.is_valid(raise_exception=True)
    before: UUID | None = given.validated_data.get("before")
    return before


def page_before(rows: QuerySet[Any], before: UUID | None) -> tuple[list[Any], UUID | None]:
    """Twenty of ``rows`` before that id, and where to go on: None at the end. One statement."""
    rows = rows.order_by("-pk")
    page = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    return page[:SHOWN], page[SHOWN - 1].pk if len(page) > SHOWN else None


def next_url(request: Request, older: UUID | None) -> str | None:
    return request.build_absolute_uri(f"{request.path}?before={older}") if older else None
