"""REST: the activity of whoever is signed in."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.audit.queries import activity_of
from ciam_core.audit.serializers import ActivitySerializer
from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.cursors import CursorSerializer, cursor_of, next_url
from ciam_core.kernel.documenting import SIGNED_IN, example, problems

_HAPPENING = {
    "id": "019ac0de-0000-7000-8000-000000000001",
    "event": "session.signed_in",
    "title": "Signed in with the password",
    "occurred_at": "2026-11-24T10:05:00Z",
    "refused": False,
    "by_staff": False,
    "device": "Chrome on Windows",
    "address": "203.0.113.7",
}
LIST_ACTIVITY: dict[str, Any] = {
    "operation_id": "activity_list",
    "tags": ["activity"],
    "summary": "What happened to your account",
    "description": "Newest first, twenty at a time; `next` is the address of what came before.",
    "parameters": [CursorSerializer],
    "responses": {200: ActivitySerializer, **problems(*SIGNED_IN, "invalid")},
    "examples": [example({"results": [_HAPPENING], "next": None})],
}


class Activity(CiamAPIView):
    @documented(**LIST_ACTIVITY)
    def get(self, request: Request) -> Response:
        happenings, older = activity_of(str(request.user.pk), before=cursor_of(request))
        return Response(ActivitySerializer({"results": happenings, "next": next_url(request, older)}).data)
