"""Every secret and every change of state is ours: of allauth's own views only those are routed that change nothing."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

READS_ONLY = {
    "allauth.headless.base.views.ConfigView": "tells which ways to sign in there are",
    "allauth.headless.spec.views.OpenAPIJSONView": "describes what is routed",
    "allauth.headless.spec.views.OpenAPIYAMLView": "describes what is routed",
}


def test_no_view_of_allauth_is_routed_that_changes_state_by_itself():
    routed = {name_of(pattern.callback): route for route, pattern in patterns(get_resolver().url_patterns)}
    strangers = {
        name: route for name, route in routed.items() if name.startswith("allauth.") and name not in READS_ONLY
    }
    assert strangers == {}


def patterns(entries: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        else:
            yield route, entry


def name_of(callback: Any) -> str:
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    return f"{view.__module__}.{view.__qualname__}"
