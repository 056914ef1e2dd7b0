"""Content-Security-Policy on Django 5.2, with the setting name Django 6.0 gave it (``SECURE_CSP``)."""

from collections.abc import Callable, Iterable

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

if django.VERSION >= (6, 0):
    from django.middleware.csp import ContentSecurityPolicyMiddleware
else:

    class ContentSecurityPolicyMiddleware:  # type: ignore[no-redef]  # Django 6.0's, where it exists
        """Adds ``SECURE_CSP`` (directive → sources) to every response that has no policy of its own."""

        HEADER = "Content-Security-Policy"

        def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
            self.get_response = get_response

        def __call__(self, request: HttpRequest) -> HttpResponse:
            response = self.get_response(request)
            policy = build_policy(getattr(settings, "SECURE_CSP", {}))
            if policy:
                response.headers.setdefault(self.HEADER, policy)
            return response


def build_policy(directives: dict[str, Iterable[str] | str | bool]) -> str:
    """``{"default-src": ["'self'"]}`` as a header value; a directive set to True stands alone, to False not at all."""
    parts = []
    for name, sources in directives.items():
        if sources is True:
            parts.append(name)
        elif sources:
            listed = [sources] if isinstance(sources, str) else list(sources)
            parts.append(f"{name} {' '.join(listed)}")
    return "; ".join(parts)


__all__ = ["ContentSecurityPolicyMiddleware", "build_policy"]
