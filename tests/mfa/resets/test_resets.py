"""Staff take the second factors away of somebody who lost them; whoever has not lost them can object."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.revocation import end_all_access
from ciam_mfa.events import FactorRemoved, FactorResetRequested, FactorResetStopped, FactorsReset
from ciam_mfa.exceptions import NoReset, NothingToReset, ResetPlanned, ResetReasonUnknown
from ciam_mfa.flows import (
    remove_authenticator,
    request_factor_reset,
    reset_due_factors,
    start_totp,
    stop_factor_reset,
    verify_factor,
)
from ciam_mfa.models import FactorReset, TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from ciam_mfa.tasks import sweep
from tests.core.accounts.mailbox import link_in, mails_to, newest_to
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_passkey, with_recovery_codes, with_totp
from tests.racing import race

DAY = timedelta(hours=24)
WAIT = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lost(alice):
    """Alice had an app, a passkey and codes."""
    with_recovery_codes(alice)
    with_passkey(alice)
    return TotpAuthenticator.objects.get()


def plan(person, actor=None):
    return request_factor_reset(person, reason="lost", actor=actor, origin=SYSTEM)


@WAIT
def test_all_of_them_go_after_a_day_and_the_owner_is_told_twice(alice, bob, lost, door, noon, recorded):
    door.sign_in(HERS, PASSWORD)
    start_totp(alice, origin=SYSTEM)
    plan(alice, actor=bob)
    assert "in 24 hours" in newest_to(HERS).body
    noon.shift(DAY - timedelta(seconds=1))
    sweep()
    assert len(authenticators_of(alice)) == 3

    noon.shift(1)
    sweep()
    assert authenticators_of(alice) == []
    assert not TotpAuthenticator.objects.exists()
    assert "were taken away" in newest_to(HERS).body
    assert [(event.actor_id, event.reason) for event in recorded(FactorResetRequested)] == [(str(bob.pk), "lost")]
    assert [(event.actor_id, event.reason) for event in recorded(FactorsReset)] == [(str(bob.pk), "lost")]
    assert {event.reason for event in recorded(FactorRemoved)} == {"reset"}
    new = type(door)()
    new.sign_in(HERS, PASSWORD)
    assert new.is_signed_in()
    assert reset_due_factors() == 0


@WAIT
def test_every_session_ends_with_them(alice, lost, pages, noon):
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{lost.pk}", shows(lost))
    noon.shift(60)
    plan(alice)
    FactorReset.objects.update(due_at=timezone.now())
    assert reset_due_factors() == 1
    assert not pages.is_signed_in()


@WAIT
def test_who_uses_one_meanwhile_has_not_lost_it(alice, lost, noon, recorded):
    plan(alice)
    noon.shift(60)
    verify_factor(alice, f"totp-{lost.pk}", answer={"code": shows(lost)}, origin=SYSTEM)
    noon.shift(DAY)
    assert reset_due_factors() == 0
    assert len(authenticators_of(alice)) == 3
    assert [event.reason for event in recorded(FactorResetStopped)] == ["used"]
    assert not FactorReset.objects.exists()


@WAIT
def test_who_uses_one_and_puts_another_in_its_place_keeps_that(alice, noon, recorded):
    old = with_totp(alice)
    plan(alice)
    noon.shift(60)
    verify_factor(alice, f"totp-{old.pk}", answer={"code": shows(old)}, origin=SYSTEM)
    with_totp(alice, name="New")
    remove_authenticator(alice, f"totp-{old.pk}", origin=SYSTEM)
    noon.shift(DAY)
    assert reset_due_factors() == 0
    assert [own.name for own in authenticators_of(alice)] == ["New"]
    assert [event.reason for event in recorded(FactorResetStopped)] == ["used"]


@WAIT
def test_the_owner_keeps_them_on_the_page(alice, lost, pages, noon, recorded):
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{lost.pk}", shows(lost))
    noon.shift(60)
    plan(alice)
    assert "because somebody told us that they are lost" in pages.get(reverse("ciam_factors")).content.decode()
    assert "stay" in pages.get(pages.go("ciam_stop_factor_reset").url).content.decode()
    assert [event.reason for event in recorded(FactorResetStopped)] == ["chosen"]
    noon.shift(DAY)
    assert reset_due_factors() == 0


@WAIT
def test_the_owner_keeps_them_in_an_app(alice, lost, app, noon):
    app.sign_in(HERS, PASSWORD)
    answer(app, f"totp-{lost.pk}", shows(lost))
    noon.shift(60)
    due_at = plan(alice).due_at
    told = app.get("/api/ciam/v1/factors/reset/").json()
    assert datetime.fromisoformat(told["due_at"]) == due_at
    assert app.post("/api/ciam/v1/factors/reset/stop/").status_code == 204
    assert app.get("/api/ciam/v1/factors/reset/").json() == {"due_at": None}
    assert app.post("/api/ciam/v1/factors/reset/stop/").json()["code"] == "mfa.no_reset"


@WAIT
def test_a_session_of_long_ago_does_not_stop_it(alice, lost, pages, noon):
    """MF10: whoever found the browser open cannot keep the owner out."""
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{lost.pk}", shows(lost))
    plan(alice)
    noon.shift(timedelta(minutes=16))
    assert pages.go("ciam_stop_factor_reset").url.startswith(reverse("ciam_step_up"))
    assert FactorReset.objects.exists()


@WAIT
def test_this_was_not_me_stops_it(alice, lost, client, noon):
    """A thief who knows the password asks the help desk; the owner reads the mail."""
    plan(alice)
    page = client.get(link_in(newest_to(HERS)), follow=True)
    client.post(page.request["PATH_INFO"])
    assert not FactorReset.objects.exists()
    noon.shift(DAY)
    assert reset_due_factors() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "left"), [("locked_down", 0), ("address_change_undone", 0), ("password_changed", 1), ("suspended", 1)]
)
def test_who_takes_the_account_back_has_not_asked_for_it(alice, lost, reason, left):
    plan(alice)
    with transaction.atomic():
        end_all_access(alice, reason=reason)
    assert FactorReset.objects.count() == left


@pytest.mark.django_db
def test_what_cannot_be_planned_is_refused(alice, bob, lost):
    with pytest.raises(NothingToReset):
        plan(bob)
    with pytest.raises(ResetReasonUnknown):
        request_factor_reset(alice, reason="gossip", actor=None, origin=SYSTEM)
    with pytest.raises(NoReset):
        stop_factor_reset(alice, origin=SYSTEM)
    plan(alice)
    with pytest.raises(ResetPlanned):
        plan(alice)
    assert FactorReset.objects.count() == 1


@WAIT
def test_nothing_is_left_to_reset_for_who_removed_them_all(alice, lost, noon):
    plan(alice)
    for own in authenticators_of(alice)[:2]:
        remove_authenticator(alice, own.key, origin=SYSTEM)
    noon.shift(DAY)
    told = len(mails_to(HERS))
    assert reset_due_factors() == 1
    assert len(mails_to(HERS)) == told + 1


@WAIT
@pytest.mark.postgresql
def test_of_many_requests_one_is_planned(alice, lost):
    results = race(lambda: plan(alice))
    assert sorted({type(result).__name__ for result in results}) == ["FactorReset", "ResetPlanned"]
    assert FactorReset.objects.count() == 1


@WAIT
@pytest.mark.postgresql
def test_it_runs_once_or_is_stopped_and_never_both(alice, lost, noon):
    plan(alice)
    noon.shift(DAY)
    turns = [*[reset_due_factors] * 25, *[lambda: stop_factor_reset(alice, origin=SYSTEM)] * 25]
    results = race(lambda: turns.pop()())
    ran, stopped = results.count(1), results.count(None)
    assert ran + stopped == 1
    assert len(authenticators_of(alice)) == (0 if ran else 3)
