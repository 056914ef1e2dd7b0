"""What gets through of any number of guesses at one account, known or not (TH1–TH4, TH6–TH8, DO1–DO5, EN8)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.events import PasswordClosedToStrangers
from ciam_core.exceptions import PasswordClosed
from ciam_core.flows import (
    confirm_password,
    recover,
    request_recovery,
    request_sign_in,
    sign_in_with_password,
    sign_in_with_proof,
)
from ciam_core.kernel.attempts import TooManyAttempts, reserve, sweep_attempts
from ciam_core.kernel.models import Attempt, Outbox
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import find_by_token
from ciam_core.throttling import budgets
from tests.core.accounts.doors import DOORS, Browser, Pages
from tests.core.accounts.mailbox import link_in, mails_to, newest_to, token_in
from tests.core.throttling.conftest import stranger
from tests.core.throttling.guessing import close, evaluated, guess
from tests.factories import PASSWORD, AddressFactory, PersonFactory

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])


@BOTH
def test_of_a_thousand_sources_at_once_five_guesses_are_evaluated(address, alice, clock):
    """TH1, DO3."""
    assert sum(guess(address, origin=stranger(number)) == 0 for number in range(1000)) == 5


@BOTH
@pytest.mark.parametrize(("seconds", "times"), [(15 * 60, 14), (3600, 17)])
def test_whoever_waits_gets_as_many_guesses_as_the_page_says(address, seconds, times, alice, clock):
    """TH1: docs/throttling/README.md."""
    assert evaluated(address, clock, seconds=seconds) == times


@BOTH
def test_waits_double_up_to_a_quarter_of_an_hour(address, alice, clock):
    waits = []
    for number in range(5 + 2 * 12):
        if wait := guess(address, origin=stranger(number)):
            waits.append(wait)
            clock.shift(wait)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_guessing_on_during_a_wait_does_not_prolong_it(alice, clock):
    """TH4."""
    for number in range(200):
        guess(alice.email, origin=stranger(number))
    clock.shift(1)
    assert sign_in_with_password(alice.email, password=PASSWORD, origin=stranger(7)) == alice


@BOTH
def test_after_a_hundred_no_stranger_s_password_is_taken(address, alice, clock, recorded):
    """N7; EN8: nor of an address without an account."""
    close(address, clock)
    clock.shift(timedelta(days=300))
    with pytest.raises(PasswordClosed) as refusal:
        sign_in_with_password(address, password=PASSWORD, origin=stranger(99_999))
    assert refusal.value.retry_after == 24 * 3600
    assert len(recorded(PasswordClosedToStrangers)) == 1


def test_a_hundred_guesses_take_the_better_part_of_a_day(alice, clock):
    started = clock_seconds()
    close(alice.email, clock)
    assert clock_seconds() - started == 21 * 3600 + 32 * 60 + 3


def clock_seconds():
    from django.utils import timezone

    return timezone.now().timestamp()


@pytest.mark.django_db(transaction=True)
def test_its_owner_is_told_once(alice, clock, recorded):
    close(alice.email, clock)
    for number in range(20):
        guess(alice.email, origin=stranger(number))
    assert [message.subject for message in mails_to(alice.email)] == ["Shop: too many wrong passwords"]
    (event,) = recorded(PasswordClosedToStrangers)
    assert (event.subject_id, event.device) == (str(alice.pk), False)


@pytest.mark.parametrize("who", ["nobody", "suspended", "passwordless"])
def test_who_has_no_password_to_close_is_told_nothing(who, clock):
    if who != "nobody":
        PersonFactory(email="nobody@example.org", **{who: True})
    close("nobody@example.org", clock)
    assert mail.outbox == []
    assert Outbox.objects.filter(kind="decoy").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["link", "recovery"])
def test_what_is_closed_opens_once_the_owner_comes_in_by_mail(way, alice, clock):
    """DO5, N7."""
    AddressFactory(user=alice, email="alice@example.net", verified=True)
    close(alice.email, clock)
    close("alice@example.net", clock)
    if way == "link":
        request_sign_in(alice.email, binding="", origin=SYSTEM)
        proof = find_by_token(token_in(newest_to(alice.email)), purposes.sign_in(), binding="")
        sign_in_with_proof(proof, origin=SYSTEM)
        password = PASSWORD
    else:
        recover(request_recovery(alice.email, origin=SYSTEM), password="a new horse every day", origin=SYSTEM)
        password = "a new horse every day"
    for address in (alice.email, "alice@example.net"):
        assert sign_in_with_password(address, password=password, origin=stranger(3)) == alice


def test_the_newest_recovery_link_opens_although_every_count_is_used_up(alice, clock):
    """DO5: whoever asked for it; strangers use up the mails, the codes and the passwords."""
    attacker = Pages()
    for number in range(12):
        guess(alice.email, origin=stranger(number))
        attacker.ask_for_recovery(alice.email)
        for _ in range(5):
            attacker.recover("000000", "a horse of the attacker's")
    assert attacker.ask_for_recovery(alice.email).status_code == 429
    owner = Pages()
    owner.recover_by_link(token_in(newest_to(alice.email)), "a new horse every day")
    assert owner.is_signed_in()


@BOTH
@pytest.mark.parametrize("step", [timedelta(hours=1), -timedelta(hours=1)], ids=["ahead", "back"])
def test_a_clock_that_jumps_lets_one_guess_more_through_and_locks_nobody_out(address, step, alice, clock):
    """TH6."""
    for number in range(20):
        clock.shift(guess(address, origin=stranger(number)))
    assert guess(address) > 0 or guess(address) > 0
    clock.shift(step)
    assert sum(guess(address, origin=stranger(number)) == 0 for number in range(50)) <= 1
    assert guess(address) <= 1800
    clock.shift(guess(address))
    assert guess(address) == 0


@BOTH
def test_every_spelling_is_one_address(address, alice, clock):
    """DO2."""
    name, domain = address.split("@")
    spellings = [address, address.upper(), f" {address} ", f"{name}@{domain.upper()}", f"{name.title()}@{domain}\n"]
    assert [guess(spellings[number % 5], origin=stranger(number)) == 0 for number in range(8)] == [True] * 5 + [
        False
    ] * 3


def test_a_claimed_source_is_not_believed(clock, settings):
    """DO1."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 10}
    answers = [
        Pages().post(
            "/accounts/login/",
            {"email": f"p{number}@example.org", "password": f"guess {number}"},
            headers={"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"198.51.100.{number}"},
        )
        for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


@pytest.mark.parametrize("before", [3, 20, 98])
@pytest.mark.parametrize("kind", DOORS)
def test_a_limited_stranger_is_answered_alike_about_both(before, kind, alice, clock, settings):
    """TH8, EN8: status, headers and text, before a wait, during it and after the ceiling."""
    seen = {}
    for address in ("alice@example.org", "amber@example.org"):
        Attempt.objects.all().delete()
        reserve((budgets.sign_in_per_account(), address))
        Attempt.objects.update(count=before, opens_at=0)
        answers = [kind().sign_in(address, "guess") for _ in range(4)]
        seen[address] = [
            (answer.status_code, answer.headers.get("Retry-After"), plain(answer, address)) for answer in answers
        ]
    assert seen["alice@example.org"] == seen["amber@example.org"]
    assert 429 in {status for status, *_ in seen["amber@example.org"]}


def plain(answer, address):
    import re

    text = answer.content.decode().replace(address, "address")
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|"session_token": "\w+"', "", text)


@BOTH
def test_a_refusal_costs_two_statements_for_both(address, alice, clock):
    """EN1, TH8: the count, and how long to wait."""
    for number in range(5):
        guess(address, origin=stranger(number))
    with CaptureQueriesContext(connection) as captured:
        assert guess(address)
    assert [query["sql"].split()[0] for query in captured if "SAVEPOINT" not in query["sql"]] == ["INSERT", "SELECT"]


def test_a_confirmation_closes_as_well(alice, clock):
    """N7: a stolen session is no place to guess in."""
    for _ in range(100):
        try:
            confirm_password(alice, password="guess", origin=stranger())
        except TooManyAttempts as refusal:
            clock.shift(refusal.retry_after)
        except Exception:  # wrong
            continue
    reserve_until_closed(alice, clock)
    with pytest.raises(PasswordClosed):
        confirm_password(alice, password=PASSWORD, origin=stranger())


def reserve_until_closed(alice, clock):
    from ciam_core.accounts.exceptions import PasswordWrong

    for _ in range(250):
        try:
            confirm_password(alice, password="guess", origin=stranger())
        except PasswordWrong:
            continue
        except PasswordClosed:
            return
        except TooManyAttempts as refusal:
            clock.shift(refusal.retry_after)


def test_refused_guesses_write_no_row_and_all_rows_go(clock, db):
    """TH7, DO9."""
    for number in range(300):
        guess("nobody@example.org", origin=stranger(number))
    assert Attempt.objects.count() <= 5 * 5
    for number in range(50):
        guess(f"p{number}@example.org", origin=stranger(0))
    clock.shift(timedelta(days=30, seconds=1))
    sweep_attempts()
    assert not Attempt.objects.exists()


def test_a_right_password_leaves_nothing_for_long(alice, clock):
    """TH7."""
    sign_in_with_password(alice.email, password=PASSWORD, origin=stranger())
    sweep_attempts()
    assert not Attempt.objects.exists()


def test_a_success_elsewhere_resets_no_other_count(alice, clock):
    """MF4."""
    for number in range(5):
        guess(alice.email, origin=stranger(number))
    confirm_password(alice, password=PASSWORD, origin=SYSTEM)
    assert guess(alice.email) == 1


def test_without_any_address_everybody_is_one_source(db, clock, settings):
    """DO14: it fails closed."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 4}
    assert [guess(f"p{number}@example.org", origin=SYSTEM) == 0 for number in range(5)] == [True] * 4 + [False]


def test_a_wrong_password_is_refused_like_any_other(alice):
    with pytest.raises(SignInRefused):
        sign_in_with_password(alice.email, password="guess", origin=stranger())


def test_seven_hundred_wrong_tries_by_http_lock_no_owner_out(alice):
    """DO5: from as many addresses. A refused try changes nothing, so that they stand for ten thousand."""
    home = Pages()
    home.sign_in(alice.email, PASSWORD)
    home.sign_out()
    attacker = Browser()
    for number in range(700):
        attacker.defaults["REMOTE_ADDR"] = f"198.51.{number // 250}.{number % 250}"
        refused = attacker.sign_in(alice.email, f"guess {number}")
    assert refused.status_code == 429
    home.sign_in(alice.email, PASSWORD)
    assert home.is_signed_in()
    elsewhere = Pages()
    assert elsewhere.sign_in(alice.email, PASSWORD).status_code == 429
    elsewhere.ask_for_code(alice.email)
    elsewhere.use_link(link_in(newest_to(alice.email)))
    assert elsewhere.is_signed_in()
