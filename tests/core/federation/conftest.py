"""Alice, bob and mallory as in accounts; a provider that is honest, and one that does what it is told."""

import pytest

from ciam_core.federation.relying_party import metadata
from tests.core.accounts.conftest import (  # noqa: F401  # fixtures
    _no_network,
    alice,
    app,
    bob,
    browser,
    core,
    mallory,
    pages,
    passwordless,
    recorded,
    suspended,
)
from tests.core.federation.providers import hostile_provider, real_provider
from tests.core.federation.ways import declared


@pytest.fixture(scope="session")
def _hostile():
    with hostile_provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def issuer():
    """Of the real provider."""
    with real_provider() as url:
        yield url


@pytest.fixture(autouse=True)
def _forget_providers():
    metadata.forget()


@pytest.fixture
def provider(_hostile, settings):
    """The hostile one, trusted: ``declare(...)`` changes how it is declared."""
    _hostile.forget()
    settings.CIAM_FEDERATION = {"PROVIDERS": {"there": declared(_hostile.issuer, trust_email=True)}}
    return _hostile


@pytest.fixture
def declare(settings):
    def change(provider_id="there", **values):
        held = settings.CIAM_FEDERATION["PROVIDERS"]
        one = {**held.get("there", {}), **values}
        settings.CIAM_FEDERATION = {**settings.CIAM_FEDERATION, "PROVIDERS": {**held, provider_id: one}}

    return change
