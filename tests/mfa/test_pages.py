"""The pages of second factors, as a customer walks through them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_recovery_codes, with_totp, wrong


@pytest.fixture
def inside(pages, alice):
    pages.sign_in(HERS, PASSWORD)
    return pages


@pytest.fixture
def with_app(pages, alice, phone):
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    return pages


def text(pages, name, *args):
    response = pages.get(reverse(name, args=args))
    assert response.status_code == 200, response
    return response.content.decode()


def test_an_app_is_set_up_in_three_steps(inside, alice):
    assert "Second factors" in text(inside, "ciam_security")
    assert inside.go("ciam_add_totp").url == reverse("ciam_confirm_totp")
    waiting = TotpAuthenticator.objects.get()
    page = text(inside, "ciam_confirm_totp")
    assert waiting.secret == re.search(r"<code [^>]*>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    assert "<svg" in page

    assert inside.go("ciam_confirm_totp", {"code": wrong(waiting)}).status_code == 400
    done = inside.go("ciam_confirm_totp", {"code": shows(waiting), "name": "Phone"})
    assert done.url == reverse("ciam_keep_recovery_codes")
    assert inside.go("ciam_keep_recovery_codes").url == reverse("ciam_new_recovery_codes")
    codes = re.findall(r"<code>([0-9a-z-]{19})</code>", text(inside, "ciam_new_recovery_codes"))
    assert len(codes) == 10

    assert inside.go("ciam_new_recovery_codes").url == reverse("ciam_factors")
    assert "Phone" in text(inside, "ciam_factors")
    other = Pages()
    other.sign_in(HERS, PASSWORD)
    answer(other, authenticators_of(alice)[1].key, codes[0])
    assert other.is_signed_in()


def test_new_codes_are_seen_until_they_are_saved(with_app, noon):
    with_app.go("ciam_recovery_codes")
    page = text(with_app, "ciam_new_recovery_codes")
    file = with_app.get(reverse("ciam_download_recovery_codes"))
    assert re.findall(r"[0-9a-z]{4}(?:-[0-9a-z]{4}){3}", file.content.decode()) == re.findall(
        r"<code>(.*?)</code>", page
    )
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in file.headers["Cache-Control"]

    with_app.go("ciam_new_recovery_codes")
    for name in ("ciam_new_recovery_codes", "ciam_download_recovery_codes"):
        assert with_app.get(reverse(name)).url == reverse("ciam_recovery_codes")


def test_new_codes_lie_sealed_in_the_session(with_app):
    with_app.go("ciam_recovery_codes")
    codes = re.findall(r"<code>(.*?)</code>", text(with_app, "ciam_new_recovery_codes"))
    assert not any(code in str(dict(with_app.session.items())) for code in codes)


def test_an_app_is_renamed_and_removed(with_app, alice, phone):
    key = f"totp-{phone.pk}"
    assert 'value="Phone"' in text(with_app, "ciam_authenticator", key)
    with_app.go("ciam_authenticator", {"name": "Old phone"}, key)
    assert "Old phone" in text(with_app, "ciam_factors")
    assert "only second factor" in text(with_app, "ciam_remove_authenticator", key)
    assert len(authenticators_of(alice)) == 1
    with_app.go("ciam_remove_authenticator", {}, key)
    assert authenticators_of(alice) == []


def test_with_one_of_two_nothing_else_is_lost(with_app, alice, phone):
    with_totp(alice, name="Tablet")
    assert "Your other second factors stay" in text(with_app, "ciam_remove_authenticator", f"totp-{phone.pk}")


def test_who_has_no_backup_is_told(with_app, alice):
    assert "Without recovery codes" in text(with_app, "ciam_factors")
    with_app.go("ciam_recovery_codes")
    assert "Without recovery codes" not in text(with_app, "ciam_factors")


def test_recovery_codes_wait_for_something_to_back_up(inside):
    assert "Set that one up first" in text(inside, "ciam_recovery_codes")
    assert inside.go("ciam_recovery_codes").status_code == 409


@pytest.mark.parametrize("name", ["ciam_authenticator", "ciam_remove_authenticator"])
def test_another_person_s_factor_is_not_there(inside, bob, name):
    theirs = with_totp(bob)
    for method in ("get", "post"):
        assert getattr(inside, method)(reverse(name, args=[f"totp-{theirs.pk}"])).status_code == 404
    assert len(authenticators_of(bob)) == 1


GUARDED = [
    ("ciam_add_totp", []),
    ("ciam_confirm_totp", []),
    ("ciam_recovery_codes", []),
    ("ciam_keep_recovery_codes", []),
    ("ciam_new_recovery_codes", []),
    ("ciam_download_recovery_codes", []),
    ("ciam_authenticator", ["totp-1"]),
    ("ciam_remove_authenticator", ["totp-1"]),
]


@pytest.mark.parametrize(("name", "args"), GUARDED)
def test_every_change_asks_for_both_factors_of_late(with_app, phone, noon, name, args):
    """MF10."""
    noon.shift(timedelta(minutes=16))
    with_app.go("ciam_reauthenticate", {"password": PASSWORD})
    for method in ("get", "post"):
        assert getattr(with_app, method)(reverse(name, args=args)).url.startswith(reverse("ciam_step_up"))


@pytest.mark.parametrize(("name", "args"), [*GUARDED, ("ciam_factors", []), ("ciam_step_up", [])])
def test_signed_out_there_is_nothing_to_see(client, db, name, args):
    for method in ("get", "post"):
        assert getattr(client, method)(reverse(name, args=args)).url.startswith(reverse("ciam_sign_in"))


@pytest.mark.parametrize(("name", "args"), GUARDED)
def test_half_signed_in_nothing_is_changed(pages, phone, alice, name, args):
    """MF8."""
    with_recovery_codes(alice)
    before = [own.key for own in authenticators_of(alice)]
    pages.sign_in(HERS, PASSWORD)
    for method in ("get", "post"):
        assert getattr(pages, method)(reverse(name, args=args)).url.startswith(reverse("ciam_sign_in"))
    assert [own.key for own in authenticators_of(alice)] == before


def test_the_overview_suggests_the_first_and_then_is_silent(inside, alice):
    assert "Protect your account" in text(inside, "ciam_overview")
    with_totp(alice)
    assert "Protect your account" not in text(inside, "ciam_overview")
