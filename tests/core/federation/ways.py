"""The way to a provider and back, as a browser takes it."""

import html
import re
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from tests.core.federation.providers import CLIENT, SECRET


def declared(url, **values):
    return {"name": "There", "issuer": url, "client_id": CLIENT, "client_secret": SECRET, **values}


def where(answer):
    """Where the page that leads to the provider leads."""
    return html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())[1])


def asked(answer):
    """What the provider is asked, by name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(where(answer)).query).items()}


def start(pages, provider_id="there", **typed):
    return asked(pages.go("ciam_federation_start", typed, provider_id))


def come_back(pages, query, provider_id="there"):
    return pages.get(reverse("ciam_federation_callback", args=[provider_id]), query)


def sign_in(pages, provider, **typed):
    """There and back."""
    sent = start(pages, **typed)
    return come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})


def link(pages, provider):
    sent = asked(pages.go("ciam_link_account", {}, "there"))
    return come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
