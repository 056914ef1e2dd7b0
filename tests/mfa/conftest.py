"""Alice owns the account, bob is beside her, mallory must not get in. The doors are those of ``ciam_core``."""

import pytest

from tests.core.accounts.conftest import app, browser, door, pages, recorded
from tests.factories import PersonFactory
from tests.mfa.people import with_totp

__all__ = ["app", "browser", "door", "pages", "recorded"]


@pytest.fixture(autouse=True)
def noon(time_machine):
    """Codes change every 30 seconds: the clock stands until a test moves it."""
    time_machine.move_to("2026-03-01 12:00:00+00:00", tick=False)
    return time_machine


@pytest.fixture
def alice(db):
    return PersonFactory(email="alice@example.org")


@pytest.fixture
def bob(db):
    return PersonFactory(email="bob@example.org")


@pytest.fixture
def mfa(settings):
    """Change some of ``CIAM_MFA``: ``mfa(CEILING=10)``."""

    def change(**values):
        settings.CIAM_MFA = {**getattr(settings, "CIAM_MFA", {}), **values}

    return change


@pytest.fixture
def phone(alice):
    """The authenticator app of alice."""
    return with_totp(alice)
