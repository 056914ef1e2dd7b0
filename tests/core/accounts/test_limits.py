"""How often each thing may be tried, known address or not (ASVS 6.3.1, 6.6.3; EN8, DO1–DO3, DO12)."""

from collections import Counter

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from ciam_core.accounts.exceptions import PasswordWrong, SignInRefused
from ciam_core.accounts.flows.password import confirm_password
from ciam_core.accounts.flows.sign_in import sign_in_with_password
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.messages.limits import MESSAGE_BUDGETS
from ciam_core.throttling import budgets
from tests.core.accounts.doors import DOORS, Pages
from tests.core.accounts.mailbox import mails_to
from tests.factories import PASSWORD, PersonFactory
from tests.racing import race

pytestmark = pytest.mark.django_db

FREE = 5


def guess(address, *, times, kind=Pages, **more):
    fields = {"email": address, "password": "wrong"}
    return [kind().post("/accounts/login/", fields, **more).status_code for _ in range(times)]


def kinds(results):
    return Counter(type(result) for result in results)


@pytest.fixture
def still():
    """The clock stands, so that no wait ends during a test."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_after_five_wrong_passwords_even_the_right_one_waits(address, door, alice):
    for _ in range(FREE):
        assert door.sign_in(address, "wrong").status_code == 400
    refused = door.sign_in(address, PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 1


def test_all_doors_count_against_one_budget(alice, still):
    """Invariant 8."""
    answers = [DOORS[number % 3]().sign_in(alice.email, "wrong").status_code for number in range(FREE + 3)]
    assert answers == [400] * FREE + [429] * 3


def test_the_admin_counts_against_the_same_budget(client, still):
    """Invariant 8, MF6."""
    boss = PersonFactory(is_staff=True, is_superuser=True)
    guess(boss.email, times=FREE)
    client.post("/admin/login/", {"username": boss.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_spellings_of_one_address_share_a_budget(alice, still):
    """DO2."""
    spellings = ["alice@example.org", "ALICE@example.org", " Alice@Example.ORG ", "alice@EXAMPLE.org"]
    assert [guess(spellings[number % 4], times=1)[0] for number in range(FREE + 1)][-1] == 429


@pytest.mark.parametrize("address", ["198.51.100.{}", "2001:db8::{}", "2001:db8:0:{}::1"])
def test_another_source_does_not_renew_the_budget_of_an_account(address, alice, still):
    """DO3."""
    tries = [guess(alice.email, times=1, REMOTE_ADDR=address.format(number))[0] for number in range(1, FREE + 2)]
    assert tries[-1] == 429


def test_a_claimed_address_of_the_client_is_not_believed(alice):
    """DO1: without a proxy of ours the header is anybody's to write."""
    limit = budgets.SIGN_UP_PER_NETWORK.limit
    answers = [
        Pages().post(
            "/accounts/signup/",
            {"email": f"bot{number}@example.org", "password": "a new horse every day"},
            headers={"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"},
        )
        for number in range(limit + 1)
    ]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize("hop", ["garbage", "", "198.51.100.7, garbage", ","])
def test_a_garbled_proxy_header_is_one_source_and_no_way_around(hop, settings, alice, still):
    """MF12, DO14: it fails closed."""
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "TRUSTED_PROXY_COUNT": 1}
    assert guess(alice.email, times=FREE + 1, HTTP_X_FORWARDED_FOR=hop)[-1] == 429


def test_one_source_cannot_spray_one_password_over_many_accounts(db):
    """DO4, TH2."""
    limit = budgets.sign_in_per_password().limit
    origin = Origin(channel=Channel.BROWSER, address="198.51.100.7")
    for number in range(limit):
        with pytest.raises(SignInRefused):
            sign_in_with_password(f"person{number}@example.org", password="wrong", origin=origin)
    with pytest.raises(TooManyAttempts):
        sign_in_with_password("another@example.org", password="wrong", origin=origin)


def test_mallorys_own_sign_ins_do_not_clear_the_count_of_her_network(alice, mallory):
    """MF4."""
    origin = Origin(channel=Channel.BROWSER, address="198.51.100.7")
    for number in range(budgets.sign_in_per_source().limit):
        if number % 5 == 0:
            sign_in_with_password(mallory.email, password=PASSWORD, origin=origin)
        with pytest.raises(SignInRefused):
            sign_in_with_password(f"person{number}@example.org", password=f"wrong {number}", origin=origin)
    with pytest.raises(TooManyAttempts):
        sign_in_with_password(mallory.email, password=PASSWORD, origin=origin)


def test_a_success_gives_the_owner_all_tries_back(alice, still):
    guess(alice.email, times=FREE - 1)
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    assert pages.is_signed_in()
    assert 429 not in guess(alice.email, times=FREE)


def test_the_wait_ends(alice, still):
    guess(alice.email, times=FREE + 1)
    still.shift(1)
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    assert pages.is_signed_in()


def test_who_is_locked_out_still_comes_in_by_mail(door, alice):
    """DO5."""
    from tests.core.accounts.mailbox import code_in, newest_to

    guess(alice.email, times=FREE + 1)
    door.ask_for_code(alice.email)
    door.enter_code(code_in(newest_to(alice.email)))
    assert door.is_signed_in()


@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_a_mailbox_gets_ten_mails_an_hour_however_they_are_asked_for(address, alice):
    """DO12."""
    for kind in [*DOORS] * 3:
        kind().ask_for_code(address)
        kind().ask_for_recovery(address)
        kind().sign_up(address, "a new horse every day")
    assert len(mails_to(address)) == MESSAGE_BUDGETS["mail.recipient"][0]


def test_asking_again_counts_as_well(door, bob):
    """DO12."""
    door.ask_for_code(bob.email)
    for _ in range(15):
        door.ask_for_code_again()
    assert len(mails_to(bob.email)) == MESSAGE_BUDGETS["mail.recipient"][0]


def test_one_source_does_not_mail_the_world(db):
    """DO12."""
    for number in range(MESSAGE_BUDGETS["mail.network"][0] + 5):
        Pages().ask_for_recovery(f"person{number}@example.org")
    assert len(mail.outbox) == MESSAGE_BUDGETS["mail.network"][0]


def test_confirming_the_password_is_limited(alice, still):
    """ASVS 6.3.1: a stolen session is no place to guess in."""
    for _ in range(FREE):
        with pytest.raises(PasswordWrong):
            confirm_password(alice, password="wrong", origin=SYSTEM)
    with pytest.raises(TooManyAttempts):
        confirm_password(alice, password=PASSWORD, origin=SYSTEM)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_of_a_burst_of_guesses_no_more_than_the_limit_are_evaluated(address, alice):
    """TH3, MF3."""
    with time_machine.travel(timezone.now(), tick=False):
        results = kinds(race(lambda: sign_in_with_password(address, password="wrong", origin=SYSTEM), times=200))
    assert results == {SignInRefused: FREE, TooManyAttempts: 200 - FREE}
