"""An authenticator app counts once it has shown a code (MF8)."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.db import connection

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.events import FactorAdded
from ciam_mfa.exceptions import AnswerRejected, EnrolmentExpired, TooManyAuthenticators
from ciam_mfa.flows import confirm_totp, start_totp
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of, pending_totp, qr_code, uri_of
from tests.mfa.people import shows, with_totp, wrong


def test_an_app_counts_once_it_has_shown_a_code(alice, recorded):
    waiting = start_totp(alice, origin=SYSTEM)
    assert authenticators_of(alice) == []

    confirm_totp(alice, code=shows(waiting), name="Phone", origin=SYSTEM)
    assert [(own.factor.name, own.name) for own in authenticators_of(alice)] == [("totp", "Phone")]
    assert [event.factor for event in recorded(FactorAdded)] == ["totp"]


def test_the_owner_is_told(alice, django_capture_on_commit_callbacks):
    """N11."""
    with django_capture_on_commit_callbacks(execute=True):
        with_totp(alice)
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]
    assert "Phone" in mail.outbox[0].body
    assert "This was not me" in mail.outbox[0].body


def test_a_wrong_code_confirms_nothing(alice):
    waiting = start_totp(alice, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        confirm_totp(alice, code=wrong(waiting), origin=SYSTEM)
    assert authenticators_of(alice) == []


def test_the_code_that_confirms_it_is_used_up(alice):
    waiting = start_totp(alice, origin=SYSTEM)
    app = confirm_totp(alice, code=shows(waiting), origin=SYSTEM)
    app.refresh_from_db()
    assert app.last_step >= 0


def test_a_new_start_ends_the_one_before(alice):
    before = start_totp(alice, origin=SYSTEM)
    start_totp(alice, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        confirm_totp(alice, code=shows(before), origin=SYSTEM)
    assert TotpAuthenticator.objects.count() == 1


def test_an_enrolment_waits_for_a_quarter_of_an_hour(alice, noon):
    waiting = start_totp(alice, origin=SYSTEM)
    noon.shift(timedelta(minutes=15, seconds=1))
    with pytest.raises(EnrolmentExpired):
        confirm_totp(alice, code=shows(waiting), origin=SYSTEM)


def test_what_bob_started_is_not_for_alice_to_confirm(alice, bob):
    """MF9."""
    waiting = start_totp(bob, origin=SYSTEM)
    with pytest.raises(EnrolmentExpired):
        confirm_totp(alice, code=shows(waiting), origin=SYSTEM)


def test_nobody_has_more_apps_than_there_may_be(alice, mfa):
    mfa(MAX_AUTHENTICATORS=1)
    with_totp(alice)
    with pytest.raises(TooManyAuthenticators):
        start_totp(alice, origin=SYSTEM)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("", "Authenticator app"), ("  My\n\tphone\u202e ", "My phone"), ("x" * 99, "x" * 64)],
)
def test_a_name_is_one_line(alice, typed, shown):
    assert with_totp(alice, name=typed).name == shown


def test_the_secret_is_sealed_where_it_lies(alice):
    """N8, trap 3."""
    app = with_totp(alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM ciam_mfa_totpauthenticator")
        (kept,) = cursor.fetchone()
    assert kept.startswith("v1:")
    assert app.secret not in kept
    assert app.secret not in f"{app!r} {app} {vars(authenticators_of(alice)[0])}"


def test_the_qr_code_is_an_svg_without_style_or_script(alice):
    start_totp(alice, origin=SYSTEM)
    drawn = qr_code(uri_of(pending_totp(alice)))
    names = {attribute for element in ElementTree.fromstring(drawn).iter() for attribute in element.attrib}
    assert "style" not in names
    assert {"width", "height"} <= names
    assert "<script" not in drawn
