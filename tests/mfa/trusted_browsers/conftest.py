import pytest

from tests.mfa.people import with_totp
from tests.mfa.trusted_browsers.trusting import trusting


@pytest.fixture
def trusted(door, alice, phone, noon):
    """Each door in turn, where alice need not show a second factor; she is signed out."""
    return trusting(door, alice, phone, noon)


@pytest.fixture
def at_home(pages, alice, phone, noon):
    """Her browser, trusted; she is signed out."""
    return trusting(pages, alice, phone, noon)


@pytest.fixture
def tablet(bob):
    """The authenticator app of bob."""
    return with_totp(bob)
