"""What a host puts ``step_up`` in front of runs for who has just shown who they are, and for nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from ciam_core.kernel.assurance import Level
from ciam_mfa.models import HeldRequest, TotpAuthenticator
from ciam_mfa.step_up.requiring import step_up
from tests.core.accounts.doors import App, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, wrong

pytestmark = [pytest.mark.urls("tests.mfa.step_up.urls")]

IBAN = {"iban": ["DE89 3704", "GB29 NWBK"]}


def sign_in(door, phone, noon):
    door.sign_in(HERS, PASSWORD)
    answer(door, f"totp-{phone.pk}", shows(phone))
    noon.shift(timedelta(minutes=6))
    return door


@pytest.fixture
def inside(pages, phone, noon):
    """Alice, who signed in with both factors six minutes ago."""
    return sign_in(pages, phone, noon)


def confirm(pages, phone, response):
    """The step-up page that ``response`` leads to, answered."""
    where = urlsplit(response.url)
    assert where.path == reverse("ciam_step_up")
    typed = {"authenticator": f"totp-{phone.pk}", "code": shows(phone), "next": parse_qs(where.query)["next"][0]}
    return pages.post(where.path, typed)


def test_who_has_just_signed_in_with_both_factors_passes(pages, phone):
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    assert pages.get("/payout/").content == b"the form"


def test_who_did_so_long_ago_is_asked_again_and_comes_back(inside, phone):
    response = inside.get("/payout/?of=may")
    back = confirm(inside, phone, response)
    assert back.url == "/payout/?of=may"
    assert inside.get(back.url).content == b"the form"


def test_what_was_posted_is_not_lost(inside, phone):
    response = inside.post("/payout/", IBAN)
    assert inside.get(confirm(inside, phone, response).url).content == b"paid to ['DE89 3704', 'GB29 NWBK']"


def test_what_was_posted_runs_once(inside, phone):
    back = confirm(inside, phone, inside.post("/payout/", IBAN)).url
    inside.get(back)
    assert inside.get(back).content == b"the form"


def test_what_was_posted_waits_for_the_answer(inside, phone, noon):
    """A later visit, stepped up by another way, does not run what somebody thought better of."""
    inside.post("/payout/", IBAN)
    assert inside.get("/payout/").status_code == 302
    assert inside.post(reverse("ciam_step_up"), {"authenticator": f"totp-{phone.pk}", "code": wrong(phone)})
    assert inside.get("/payout/").status_code == 302
    assert HeldRequest.objects.filter(used_at=None).count() == 1


def test_what_was_posted_runs_at_its_own_address_only(inside, phone):
    confirm(inside, phone, inside.post("/payout/", IBAN))
    assert inside.get("/address/").content == b"the form"
    assert inside.get("/payout/").content == b"the form"


def test_what_was_posted_is_forgotten_after_ten_minutes(inside, phone, noon):
    response = inside.post("/payout/", IBAN)
    noon.shift(timedelta(minutes=11))
    assert inside.get(confirm(inside, phone, response).url).content == b"the form"


def test_what_was_posted_is_nobody_else_s(inside, phone, bob):
    """Bound to the session that knows it."""
    confirm(inside, phone, inside.post("/payout/", IBAN))
    other = Pages()
    other.sign_in(bob.email, PASSWORD)
    session = other.session
    session["ciam_mfa_held"] = inside.session["ciam_mfa_held"]
    session.save()
    other.get("/payout/")
    assert HeldRequest.objects.get().used_at is None


def test_what_was_posted_is_sealed(inside):
    inside.post("/payout/", IBAN)
    kept = HeldRequest.objects.get().sealed
    assert kept.startswith("v1:")
    assert "DE89" not in kept + str(dict(inside.session.items()))


def test_too_much_is_not_kept(inside, phone):
    response = inside.post("/payout/", {"iban": "x" * 70_000})
    assert not HeldRequest.objects.exists()
    assert inside.get(confirm(inside, phone, response).url).content == b"the form"


def test_a_post_without_its_csrf_token_is_never_held(phone, noon, db):
    careful = type("Careful", (Pages,), {})(enforce_csrf_checks=False)
    sign_in(careful, phone, noon)
    careful.handler.enforce_csrf_checks = True
    assert careful.post("/payout/", IBAN).status_code == 403
    assert not HeldRequest.objects.exists()


def test_a_class_is_guarded_as_a_function(inside, phone):
    response = inside.post("/address/", {"street": "Main"})
    assert inside.get(confirm(inside, phone, response).url).content == b"moved to Main"


def test_a_wrong_code_goes_nowhere(inside, phone):
    typed = {"authenticator": f"totp-{phone.pk}", "code": wrong(phone), "next": "/payout/"}
    assert inside.post(reverse("ciam_step_up"), typed).status_code == 400
    assert inside.get("/payout/").status_code == 302


def test_it_leads_to_no_other_site(inside, phone):
    typed = {"authenticator": f"totp-{phone.pk}", "code": shows(phone), "next": "https://evil.example/"}
    assert inside.post(reverse("ciam_step_up"), typed).url == reverse("ciam_overview")


def test_the_session_has_another_key_afterwards(inside, phone):
    """SE1."""
    before = inside.session.session_key
    confirm(inside, phone, inside.get("/payout/"))
    assert inside.session.session_key != before
    stale = Client()
    stale.cookies["session"] = before
    assert stale.get("/payout/").url.startswith(reverse("ciam_sign_in"))


def test_the_password_alone_is_not_enough(inside, phone):
    """Trap 10: a recent first factor is no second one."""
    inside.post(reverse("ciam_reauthenticate"), {"password": PASSWORD})
    assert urlsplit(inside.get("/payout/").url).path == reverse("ciam_step_up")


def test_who_has_no_factor_is_led_to_add_one(pages, alice):
    pages.sign_in(HERS, PASSWORD)
    assert pages.get("/payout/").url == reverse("ciam_factors")


def test_who_has_no_factor_shows_the_first_again_where_that_is_enough(pages, alice, noon):
    pages.sign_in(HERS, PASSWORD)
    noon.shift(timedelta(minutes=6))
    response = pages.get("/address/")
    response = pages.get(response.url)
    assert urlsplit(response.url).path == reverse("ciam_reauthenticate")
    pages.post(response.url, {"password": PASSWORD})
    assert pages.get("/address/").content == b"the form"


def test_a_stranger_is_led_to_sign_in(client, db):
    assert client.get("/payout/").url == f"{reverse('ciam_sign_in')}?next=/payout/"


def test_a_program_is_told_level_and_age(inside):
    answer = inside.post("/payout/", IBAN, headers={"accept": "application/json"})
    told = {"code": "step_up_required", "level": "aal2", "max_age": 300, "status": 403}
    assert answer.status_code == 403
    assert told.items() <= answer.json().items()
    assert not HeldRequest.objects.exists()


@pytest.mark.parametrize(("kind", "path", "method"), [(App, "/api/refund/", "post"), (Pages, "/api/own/", "get")])
def test_an_endpoint_tells_level_and_age(phone, noon, kind, path, method, db):
    refused = getattr(sign_in(kind(), phone, noon), method)(path)
    assert refused.status_code == 403
    assert {"code": "step_up_required", "level": "aal2", "max_age": 300}.items() <= refused.json().items()


@pytest.mark.parametrize(("path", "method"), [("/api/refund/", "post"), ("/api/own/", "get")])
def test_an_endpoint_is_nobody_s_who_is_not_signed_in(client, path, method, db):
    assert getattr(client, method)(path).status_code in (401, 403)


def test_who_must_enrol_first_loses_nothing(pages, alice, noon):
    pages.sign_in(HERS, PASSWORD)
    asked = pages.post("/payout/", IBAN)
    assert "you go on from there" in pages.get(asked.url).content.decode()
    pages.post(reverse("ciam_add_totp"))
    app = TotpAuthenticator.objects.get()
    codes = pages.post(reverse("ciam_confirm_totp"), {"code": shows(app)}).url
    pages.post(codes)
    back = pages.post(reverse("ciam_new_recovery_codes"))
    assert back.url == "/payout/"
    assert pages.get(back.url).content == b"paid to ['DE89 3704', 'GB29 NWBK']"
    assert pages.get(back.url).content == b"the form"


def test_who_enrols_much_later_is_not_sent_where_they_were_going(pages, alice, noon):
    pages.sign_in(HERS, PASSWORD)
    pages.post("/payout/", IBAN)
    noon.shift(timedelta(minutes=16))
    assert "you go on from there" not in pages.get(reverse("ciam_factors")).content.decode()


def test_an_async_view_is_refused_when_it_is_written():
    async def view(request):
        pass

    with pytest.raises(TypeError):
        step_up(Level.AAL2)(view)


def test_an_ended_session_resumes_nothing(inside, phone):
    response = inside.post("/payout/", IBAN)
    inside.sign_out()
    assert inside.get(response.url).url.startswith(reverse("ciam_sign_in"))
