"""Invariant 3: of fifty at once, one. On PostgreSQL, where they really are at once."""

from collections import Counter

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model

from ciam_core.federation.flows import link_identity, sign_in_with_identity, unlink_identity
from ciam_core.federation.identity import Identity
from ciam_core.kernel.attempts import Budget
from ciam_core.kernel.origin import SYSTEM
from ciam_core.throttling import budgets
from tests.core.accounts.mailbox import mails_to
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

IDENTITY = Identity(
    provider="there", issuer="https://there.example", subject="x", address="new@example.org", proven=True
)


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """More tries than fifty, so that the budget is not what stops them."""
    held = budgets.SIGN_UP_PER_NETWORK
    monkeypatch.setattr(budgets, "SIGN_UP_PER_NETWORK", Budget(held.name, 1000, held.window, shared=True))


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


def test_first_sign_ins_at_once_open_one_account():
    results = race(lambda: sign_in_with_identity(IDENTITY, origin=SYSTEM))
    assert outcomes(results) == {"User": 50}
    assert len({result.pk for result in results}) == 1
    assert get_user_model().objects.count() == SocialAccount.objects.count() == 1


def test_first_sign_ins_to_an_account_a_stranger_opened_take_it_over_once(bob):
    theirs = Identity(provider="there", issuer="https://there.example", subject="x", address=bob.email, proven=True)
    results = race(lambda: sign_in_with_identity(theirs, origin=SYSTEM))
    assert outcomes(results) == {"User": 50}
    assert SocialAccount.objects.get().user == bob


def test_two_people_with_one_address_at_once_are_not_one_account():
    subjects = iter("ab" * 25)

    def come():
        identity = Identity(**{**IDENTITY.to_json(), "subject": next(subjects)})
        return sign_in_with_identity(identity, origin=SYSTEM)

    assert outcomes(race(come)) == {"User": 25, "OwnershipUnproven": 25}
    assert SocialAccount.objects.count() == 1


def test_one_account_linked_at_once_is_linked_and_told_once(alice):
    results = race(lambda: link_identity(alice, IDENTITY, origin=SYSTEM))
    assert outcomes(results) == {"SocialAccount": 50}
    assert SocialAccount.objects.count() == 1
    assert len(mails_to(alice.email)) == 1


def test_one_account_linked_to_two_people_at_once_is_one_person_s(alice, mallory):
    people = iter([alice, mallory] * 25)
    results = race(lambda: link_identity(next(people), IDENTITY, origin=SYSTEM))
    assert outcomes(results) == {"SocialAccount": 25, "IdentityTaken": 25}


def test_unlinking_at_once_is_told_once(alice):
    row = link_identity(alice, IDENTITY, origin=SYSTEM)
    results = race(lambda: unlink_identity(alice, row.pk, origin=SYSTEM))
    assert outcomes(results) == {"NoneType": 1, "NotFoundError": 49}
