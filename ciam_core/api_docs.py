"""The OpenAPI document of our own endpoints, and a page that shows it without a script or a third party.

Both speak English, as the rest of the documentation does.
"""

import json
from functools import cache
from threading import Lock
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from rest_framework.renderers import JSONRenderer

from ciam_core.kernel.conf import conf
from ciam_core.kernel.required_actions import while_pending

PREFIX = "/api/ciam/v1/"
SETTINGS: dict[str, Any] = {
    "TITLE": "Customer account API",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": PREFIX,
    "SCHEMA_PATH_PREFIX_INSERT": "",
    "COMPONENT_SPLIT_REQUEST": True,
    "DESCRIPTION": (
        "The profile and the addresses of whoever is signed in. A browser sends its session cookie and, to change "
        "something, X-CSRFToken; an app sends X-Session-Token, which signing in through /_allauth/app/v1/ gave it. "
        "Refusals are problem documents (RFC 9457); branch on their code."
    ),
}


_building = Lock()


@while_pending
@login_not_required
@require_safe
def api_schema(request: HttpRequest) -> HttpResponse:
    """The document itself, as JSON (OpenAPI 3.0)."""
    return JsonResponse(document())


@while_pending
@login_not_required
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The same document, readable."""
    context = {
        "title": SETTINGS["TITLE"],
        "description": SETTINGS["DESCRIPTION"],
        "public_url": conf().PUBLIC_URL,
        "operations": _operations(document()),
        "sign_in_schema_url": _sign_in_schema_url(),
    }
    with translation.override("en"):
        page = render(request, "ciam_core/api_docs.html", context)
    page.headers["Content-Language"] = "en"
    return page


def document() -> dict[str, Any]:
    """The OpenAPI document. It takes a while to build, so it is built once."""
    with _building:  # drf-spectacular's settings are the process's: two builds at once would undo each other's
        return _build()


@cache
def _build() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator  # late: a worker that shows no document does without it
    from drf_spectacular.settings import patched_settings

    generator: Any = SchemaGenerator
    with patched_settings(SETTINGS), translation.override("en"):
        built = generator(urlconf="ciam_core.documented_urls").get_schema(request=None, public=True)
    told: dict[str, Any] = json.loads(JSONRenderer().render(built))
    return told


def _sign_in_schema_url() -> str:
    """Where allauth describes its part, if that is installed."""
    try:
        return reverse("headless:openapi_json")
    except NoReverseMatch:
        return ""


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "id": told["operationId"],
            "summary": told.get("summary", ""),
            "description": told.get("description", ""),
            "request": _examples(told.get("requestBody", {}).get("content", {})),
            "answers": [_answer(status, answer) for status, answer in told["responses"].items()],
        }
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": status,
        "description": answer.get("description", ""),
        "examples": _examples(answer.get("content", {})),
    }


def _examples(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "body": _indented(shown["value"])}
        for kind in content.values()
        for name, shown in kind.get("examples", {}).items()
    ]


def _indented(value: Any) -> str:
    rendered: bytes = JSONRenderer().render(value, accepted_media_type="application/json; indent=2")
    return rendered.decode()
