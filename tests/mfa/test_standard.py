"""What NIST SP 800-63B-4 asks of the whole: what counts as a factor, what is offered, and for how long it holds."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from ciam_core.kernel.assurance import Level, level_of
from ciam_mfa.factors.factor import factors
from ciam_mfa.queries import authenticators_of
from ciam_mfa.settings import MfaSettings
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer, session_in
from tests.mfa.people import shows, with_passkey, with_recovery_codes, with_totp


def test_nothing_is_mailed_or_spoken(db):
    """N9, N15: whoever reads the mail has the first factor too, and a voice is no secret."""
    assert set(factors.names()) == {"passkey", "totp", "text_message", "recovery_codes"}


@pytest.mark.urls("tests.mfa.step_up.urls")
def test_a_mailed_code_is_one_factor_however_often_it_is_asked_for(pages, alice):
    """N9."""
    pages.sign_in(HERS, PASSWORD)
    pages.sign_out()
    pages.ask_for_code(HERS)
    pages.enter_code(code_in(newest_to(HERS)))
    assert level_of(session_in(pages), str(alice.pk)) is Level.AAL1
    assert pages.get("/payout/").url == reverse("ciam_factors")


def test_what_is_texted_is_good_for_ten_minutes_at_most():
    """N9."""
    assert list(MfaSettings(CODE_LIFETIME=timedelta(minutes=10)).contradictions()) == []
    assert len(list(MfaSettings(CODE_LIFETIME=timedelta(minutes=11)).contradictions())) == 1


def test_a_hundred_wrong_answers_are_the_most_a_host_can_allow():
    """N7."""
    assert list(MfaSettings(CEILING=100).contradictions()) == []
    assert len(list(MfaSettings(CEILING=101).contradictions())) == 1


def test_what_cannot_be_phished_is_offered_first(pages, alice):
    """N13: when somebody adds a factor, and when they answer with one."""
    pages.sign_in(HERS, PASSWORD)
    page = pages.get(reverse("ciam_factors")).content.decode()
    assert page.index("Passkey") < page.index("Authenticator app")
    pages.sign_out()
    with_recovery_codes(alice)
    with_passkey(alice)
    assert [own.factor.name for own in authenticators_of(alice)] == ["passkey", "totp", "recovery_codes"]
    pages.sign_in(HERS, PASSWORD)
    assert "Use your passkey" in pages.get(reverse("ciam_challenge")).content.decode()


@pytest.mark.urls("tests.mfa.step_up.urls")
def test_a_session_outlives_how_sure_it_is(pages, alice, noon):
    """N12: within a day at the latest it is asked again."""
    phone = with_totp(alice)
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    noon.shift(timedelta(days=1))
    assert pages.is_signed_in()
    assert urlsplit(pages.get("/payout/").url).path == reverse("ciam_step_up")
