"""What a second factor asks the database, beside the same sign-in without one."""

import pytest
from django.urls import reverse

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.factors.factor import factors
from ciam_mfa.factors.queries import offers_to
from ciam_mfa.flows import verify_factor
from ciam_mfa.models import TotpAuthenticator
from tests.core.accounts.doors import App, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_number, with_passkey, with_recovery_codes
from tests.mfa.pigeon import Pigeon
from tests.statements import data_statements

BESIDE = {Pages: 9, App: 10}
"""The factor's four, its event and the key that seals it; the second request's session and person; a session that is
written twice, at each request once. An app's first answer tells what waits, and looks up whose it is."""


@pytest.mark.parametrize("kind", [Pages, App])
def test_a_sign_in_with_a_factor_beside_one_without(kind, alice, bob, phone):
    def without():
        kind().sign_in(bob.email, PASSWORD)

    def with_one():
        door = kind()
        door.sign_in(HERS, PASSWORD)
        answer(door, f"totp-{phone.pk}", shows(phone))

    for sign_in in (without, with_one):  # no longer the first device
        sign_in()
    TotpAuthenticator.objects.update(last_step=-1)
    beside, asked = data_statements(without), data_statements(with_one)
    assert len(asked) - len(beside) <= BESIDE[kind], asked


def test_a_right_answer_asks_six(alice, phone, transactional_db):
    """Find, count, spend, the key of the event and the event, settle."""
    key, given = f"totp-{phone.pk}", {"code": shows(phone)}
    asked = data_statements(lambda: verify_factor(alice, key, answer=given, origin=SYSTEM))
    assert len(asked) == 6, asked


def test_five_kinds_are_offered_by_two_statements(pages, alice, settings, mfa, noon):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    mfa(TEXT_MESSAGES=True)
    with_recovery_codes(alice)
    with_passkey(alice)
    with_number(alice)
    bird = Pigeon()
    factors.add(bird.name, bird)
    try:
        assert len({offer.factor.name for offer in offers_to(alice)}) == 5
        pages.sign_in(HERS, PASSWORD)
        asked = data_statements(lambda: pages.get(reverse("ciam_challenge")))
    finally:
        factors.remove(bird.name)
    assert len([sql for sql in asked if "ciam_mfa" in sql or "ciam_kernel_attempt" in sql]) == 2, asked
