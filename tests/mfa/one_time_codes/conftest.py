"""Alice has a number that codes are texted to (``number``); the gateway keeps them."""

import pytest

from tests.mfa.people import with_number
from tests.texts import KEPT

HERS = "+447911123456"


@pytest.fixture(autouse=True)
def _texts_are_on(settings, mfa, django_capture_on_commit_callbacks):
    KEPT.clear()
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    mfa(TEXT_MESSAGES=True)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What leaves after the commit, leaves: ``with committed(): …``."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def number(alice, committed, noon):
    with committed():
        found = with_number(alice, HERS)
    noon.shift(60)
    KEPT.clear()
    return found
