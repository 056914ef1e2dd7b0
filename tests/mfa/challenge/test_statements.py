"""What a second factor asks the database, beside the same sign-in without one."""

import pytest
from django.urls import reverse

from ciam_mfa.factors.factor import factors
from tests.core.accounts.doors import App, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_number, with_passkey, with_recovery_codes
from tests.mfa.pigeon import Pigeon
from tests.statements import data_statements


@pytest.mark.parametrize("kind", [Pages, App])
def test_x(kind, alice, bob, phone):
    for who in (HERS, bob.email):
        door = kind()
        door.sign_in(who, PASSWORD)
        if who == HERS: answer(door, f"totp-{phone.pk}", shows(phone))
        assert door.is_signed_in()
        door.get(reverse("ciam_overview"))
    from ciam_mfa.models import TotpAuthenticator
    TotpAuthenticator.objects.update(last_step=-1)
    def without():
        d = kind(); d.sign_in(bob.email, PASSWORD)
    def with_():
        d = kind(); d.sign_in(HERS, PASSWORD)
        print("---")
        answer(d, f"totp-{phone.pk}", shows(phone))
        assert d.is_signed_in
    a=data_statements(without); b=data_statements(with_)
    print(len(a),len(b))
    for s in a: print("A",s[:150])
    for s in b: print("B",s[:150])
    assert 0
