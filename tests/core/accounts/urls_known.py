"""Every URL of ``ciam_core``, with something plausible where the path takes a value."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

FILLED = {
    "identity_id": "1",
    "provider_id": "acme",
    "token": "a" * 43,
    "address_id": "1",
    "phone_id": "1",
    "key": "totp-1",
    "name": "full_name",
    "browser_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
    "device_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
    "session_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
    "message_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
}


class Place(NamedTuple):
    path: str
    view: object


def places(*, under: str) -> list[Place]:
    """All of them below ``under``, such as ``"accounts/"``."""
    return [place for place in _walk(get_resolver("ciam_core.urls"), "") if place.path.startswith("/" + under)]


def _walk(resolver: URLResolver, before: str) -> Iterator[Place]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield Place("/" + _fill(path), entry.callback)


def _fill(path: str) -> str:
    parts = (part if part[:1] != "<" else FILLED[part.strip("<>").rpartition(":")[2]] for part in path.split("/"))
    return "/".join(parts)
