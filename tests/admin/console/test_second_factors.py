"""Staff see which second factors a person has, and nothing of what those hold."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.flows import make_recovery_codes, verify_factor
from ciam_mfa.models import Passkey, RecoveryCodeSet, TextedNumber, TotpAuthenticator, UserHandle
from ciam_mfa.queries import authenticators_of
from tests.admin.console.conftest import page
from tests.mfa.people import with_passkey, with_totp, wrong

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NUMBER = "+447911123456"


@pytest.fixture
def factors(alice):
    """One of each kind; what must not be shown."""
    app = with_totp(alice, name="Alice's phone")
    TotpAuthenticator.objects.filter(pk=app.pk).update(secret=SECRET)
    _, key = with_passkey(alice, name="Alice's laptop")
    TextedNumber.objects.create(user=alice, name="+44 ••••• 56", number=NUMBER, hint="+44 ••••• 56", confirmed=True)
    codes = make_recovery_codes(alice, origin=SYSTEM)
    handle, kept = UserHandle.objects.get().handle, RecoveryCodeSet.objects.get()
    return [SECRET, NUMBER, NUMBER[1:], handle, key.credential_digest, kept.pepper, *codes]


def table_of(client, alice):
    tables = client.get(page("change", alice.pk)).context["tables"]
    return next(table for table in tables if str(table.title) == "Second factors")


def test_each_is_shown_by_its_kind_and_state_its_name_masked(as_, vera, alice, factors):
    rows = [row.cells for row in table_of(as_(vera), alice).rows]
    kinds = [str(kind) for kind, *_ in rows]
    assert kinds == ["Passkey", "Authenticator app", "Text message", "Recovery codes"]
    assert {name for _, name, *_ in rows} == {"•••••"}
    assert [state for *_, state in rows] == ["Works", "Works", "Works", "10 left"]


def test_who_gives_a_reason_sees_the_names(as_, helen, alice, factors):
    client = as_(helen)
    assert "laptop" not in client.get(page("change", alice.pk)).content.decode()
    assert "laptop" not in client.get(page("reveal", alice.pk)).content.decode()
    shown = client.post(page("reveal", alice.pk), {"reason": "customer_request"}).content.decode()
    assert "Alice&#x27;s phone" in shown and "Alice&#x27;s laptop" in shown


def test_one_that_is_locked_or_turned_off_says_so(as_, vera, alice, settings, time_machine):
    time_machine.move_to("2026-03-01 12:00:00+00:00", tick=False)
    settings.TIME_ZONE = "UTC"
    app, off = with_totp(alice), with_totp(alice)
    TotpAuthenticator.objects.filter(pk=off.pk).update(disabled_at="2026-02-01T00:00:00Z")
    for _ in range(5):
        with pytest.raises(AnswerRejected):
            verify_factor(alice, f"totp-{app.pk}", answer={"code": wrong(app)}, origin=SYSTEM)
    states = [row.cells[-1] for row in table_of(as_(vera), alice).rows]
    assert (
        states[0].startswith("Locked until March 1, 2026, noon")
        and states[1] == "Turned off after too many wrong answers"
    )


def test_no_page_shows_a_secret(as_, root, alice, factors):
    """Not the person's page, not one below it, not to a superuser."""
    client = as_(root)
    below = ("change", "sessions", "devices", "reveal", "reveal_sessions", "reveal_devices")
    texts = [client.get(page(name, alice.pk)).content.decode() for name in below]
    texts += [client.post(page(name, alice.pk), {"reason": "fraud"}).content.decode() for name in below[3:]]
    texts += [client.get(reverse("admin:index")).content.decode()]
    texts += [client.get(f"{reverse('admin:ciam_core_auditevent_changelist')}?subject={alice.pk}").content.decode()]
    assert "Authenticator app" in texts[0]
    for text in texts:
        assert not [secret for secret in factors if secret in text]
        assert not re.search(r"secret|otpauth:", re.sub(r"csrf\w*", "", text))


def test_no_model_of_second_factors_is_in_the_stock_admin():
    labels = {model._meta.app_label for model in admin.site._registry}
    assert not {label for label in labels if "otp" in label or "mfa" in label}


def test_many_cost_as_much_as_one_of_each(as_, vera, alice, factors):
    client = as_(vera)
    client.get(page("change", alice.pk))
    few = statements(client, alice)
    for number in range(4):
        with_totp(alice, name=str(number))
        with_passkey(alice, name=str(number))
    assert len(authenticators_of(alice)) == 12 and Passkey.objects.count() == 5
    assert statements(client, alice) == few


def statements(client, alice):
    with CaptureQueriesContext(connection) as captured:
        client.get(page("change", alice.pk))
    return len(captured)
