"""Where a rule demands a second factor, the last one stays."""

import pytest
from django.urls import reverse

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import LastFactor
from ciam_mfa.flows import make_recovery_codes, remove_authenticator
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import Pages
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_totp
from tests.racing import race


@pytest.fixture
def alice(db, mfa):
    mfa(REQUIRED_FOR_STAFF=True)
    return PersonFactory(email=HERS, is_staff=True)


@pytest.fixture
def inside(alice, phone):
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    return pages


def test_the_last_one_stays_by_whichever_way(inside, alice, phone):
    key = f"totp-{phone.pk}"
    page = inside.get(reverse("ciam_remove_authenticator", args=[key])).content.decode()
    assert "this is the only one" in page and "<button" not in page.split("</h1>")[1].split("</main>")[0]
    refused = inside.go("ciam_remove_authenticator", {}, key)
    assert refused.status_code == 409
    told = inside.delete(f"/api/ciam/v1/factors/{key}/", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (409, "mfa.last_factor")
    with pytest.raises(LastFactor):
        remove_authenticator(alice, key, origin=SYSTEM)
    assert len(authenticators_of(alice)) == 1


def test_of_two_one_may_go_and_recovery_codes_may_always(alice, phone):
    make_recovery_codes(alice, origin=SYSTEM)
    tablet = with_totp(alice, name="Tablet")
    remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)
    remove_authenticator(alice, authenticators_of(alice)[-1].key, origin=SYSTEM)
    assert [own.key for own in authenticators_of(alice)] == [f"totp-{tablet.pk}"]


def test_recovery_codes_beside_it_are_no_second_one(alice, phone):
    make_recovery_codes(alice, origin=SYSTEM)
    with pytest.raises(LastFactor):
        remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)


def test_one_that_was_turned_off_goes_and_is_not_leaned_on(alice, phone):
    tablet = with_totp(alice, name="Tablet")
    TotpAuthenticator.objects.filter(pk=tablet.pk).update(disabled_at="2026-02-01T00:00:00Z")
    with pytest.raises(LastFactor):
        remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)
    remove_authenticator(alice, f"totp-{tablet.pk}", origin=SYSTEM)


def test_whom_no_rule_concerns_removes_what_they_like(bob):
    theirs = with_totp(bob)
    remove_authenticator(bob, f"totp-{theirs.pk}", origin=SYSTEM)
    assert authenticators_of(bob) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_removed_at_once_one_stays(alice, phone):
    keys = [f"totp-{phone.pk}", f"totp-{with_totp(alice, name='Tablet').pk}"]
    results = race(lambda: remove_authenticator(alice, keys.pop(), origin=SYSTEM), times=2)
    assert sorted(type(result).__name__ for result in results) == ["LastFactor", "NoneType"]
    assert len(authenticators_of(alice)) == 1
