"""What drf-spectacular is told of our endpoints, whatever ``DEFAULT_SCHEMA_CLASS`` a host has set.

Imported when a document is built, not before: it brings half of Django's test client along.
"""

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.views import APIView

from ciam_core.kernel.api import SignedInAuthentication
from ciam_core.kernel.sessions import HEADER


class SignedInScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its __init_subclass__
    """How the OpenAPI document tells of ``SignedInAuthentication``."""

    target_class = SignedInAuthentication
    name = ["cookie", "app"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        cookie = {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
        return [cookie, {"type": "apiKey", "in": "header", "name": HEADER}]


@cache
def schema_of(view: type[APIView]) -> Any:
    """The schema of ``view``, whose ``@documented`` methods carry theirs from now on."""
    for name in view.http_method_names:
        method: Any = getattr(view, name, None)
        if hasattr(method, "ciam_documented"):
            told = vars(method).pop("ciam_documented")  # once: views may share a method
            method.schema = AutoSchema()  # read by extend_schema
            extend_schema(**told)(method)
    return AutoSchema()
