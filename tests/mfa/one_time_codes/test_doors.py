"""Codes by text at the pages and in JSON: after a password they are a second factor, after a text they are none."""

import json
import re

import pytest
from django.urls import reverse

from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.kernel.assurance import Level, level_of
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.models import TextedNumber
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.challenge.ways import session_in
from tests.mfa.one_time_codes.conftest import HERS
from tests.mfa.people import newest_code, shows, with_totp
from tests.texts import KEPT, code_to

ALICE = "alice@example.org"


@pytest.fixture(params=[Pages, Browser, App])
def waiting(request, number):
    """Alice has shown her password."""
    door = request.param()
    door.sign_in(ALICE, PASSWORD)
    return door


@pytest.fixture
def inside(alice):
    pages = Pages()
    pages.sign_in(ALICE, PASSWORD)
    return pages


@pytest.fixture
def own_phone(alice):
    """The same number opens the account as well."""
    verify_phone(add_phone(alice, HERS, binding="", origin=SYSTEM), origin=SYSTEM)


def begin(door, number):
    asked = {"authenticator": f"text_message-{number.pk}"}
    if isinstance(door, Browser):
        return door.call("post", "auth/ciam/challenge", {**asked, "begin": True})
    return door.go("ciam_challenge", {**asked, "begin": "1"})


def challenge_of(door):
    by_json = isinstance(door, Browser)
    shown = door.call("get", "auth/ciam/challenge") if by_json else door.get(reverse("ciam_challenge"))
    return shown.content.decode()


def rest(door, name, data):
    return door.post(reverse(name), json.dumps(data), content_type="application/json")


def answer(door, number, code):
    return ways.answer(door, f"text_message-{number.pk}", code)


def test_a_code_is_texted_and_opens(waiting, alice, number):
    assert begin(waiting, number).status_code == 200
    assert not waiting.is_signed_in()
    answer(waiting, number, newest_code())
    assert waiting.is_signed_in()
    assert level_of(session_in(waiting), str(alice.pk)) is Level.AAL2


def test_what_is_shown_and_kept_tells_neither_number_nor_code(waiting, number):
    shown, code = begin(waiting, number).content.decode(), newest_code()
    kept = json.dumps(dict(session_in(waiting).items()))
    assert number.hint in shown or number.hint in json.loads(shown)["data"]["prompt"]["sent_to"]
    for text in (shown, kept):
        assert code not in text
        assert HERS[3:] not in text


def test_the_code_of_another_session_opens_nothing(waiting, number):
    begin(waiting, number)
    thief = Pages()
    thief.sign_in(ALICE, PASSWORD)
    assert answer(thief, number, newest_code()).status_code == 400
    assert not thief.is_signed_in()


def test_the_wait_for_another_text_is_told(waiting, number):
    begin(waiting, number)
    KEPT.clear()
    refused = begin(waiting, number)
    assert refused.status_code == 429
    assert not KEPT


def test_enter_sends_the_code_and_no_new_text(alice, number):
    """A browser presses a form's first button: the one that texts must not be it."""
    pages = Pages()
    pages.sign_in(ALICE, PASSWORD)
    before = pages.get(reverse("ciam_challenge")).content.decode()
    assert 'name="code"' not in before
    page = begin(pages, number).content.decode()
    (form,) = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="code"' in form]
    assert 'name="begin"' not in form
    assert 'autocomplete="one-time-code"' in form


def test_it_is_never_what_is_suggested_first(alice, number):
    app = with_totp(alice)
    assert [own.factor.name for own in authenticators_of(alice)] == ["totp", "text_message"]
    pages = Pages()
    pages.sign_in(ALICE, PASSWORD)
    assert f'value="totp-{app.pk}"' in pages.get(reverse("ciam_challenge")).content.decode()


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_after_a_text_the_same_phone_is_no_second_factor(kind, alice, number, own_phone, noon):
    """LIBRARIES.md A: allauth offered it."""
    app = with_totp(alice)
    noon.shift(60)
    door = kind()
    ways.text(door, lambda name: TextedNumber.objects.get())
    offered = (
        door.call("get", "auth/ciam/challenge") if isinstance(door, Browser) else door.get(reverse("ciam_challenge"))
    )
    assert "text_message" not in offered.content.decode()
    assert begin(door, number).status_code == 403
    assert answer(door, number, "123456").status_code == 403
    ways.answer(door, f"totp-{app.pk}", shows(app))
    assert door.is_signed_in()


def test_who_has_nothing_else_is_told_to_come_in_another_way(alice, number, own_phone, noon):
    pages = Pages()
    ways.text(pages, lambda name: TextedNumber.objects.get())
    assert "Start again, and sign in another way" in pages.get(reverse("ciam_challenge")).content.decode()
    pages.go("ciam_challenge_start_again")
    noon.shift(60)
    pages.sign_in(ALICE, PASSWORD)
    begin(pages, number)
    answer(pages, number, newest_code())
    assert pages.is_signed_in()


def test_who_came_in_by_a_text_adds_no_number(alice, own_phone, noon):
    """Or their only way in would ask for something it can never be given."""
    pages = Pages()
    ways.text(pages, lambda name: Phone.objects.get())
    assert pages.is_signed_in()
    noon.shift(60)
    refused = pages.go("ciam_add_number", {"phone": HERS})
    assert refused.status_code == 403
    assert not TextedNumber.objects.exists()


def test_a_number_is_added_in_three_steps(inside, alice):
    listed = inside.get(reverse("ciam_factors")).content.decode()
    assert listed.index("Authenticator app") < listed.index("Text message")
    assert inside.go("ciam_add_number", {"phone": "+44 7911 123456"}).url == reverse("ciam_confirm_number")
    page = inside.get(reverse("ciam_confirm_number")).content.decode()
    assert "•••••" in page
    assert HERS[3:] not in page
    assert inside.go("ciam_confirm_number", {"code": "000000000"}).status_code == 400
    done = inside.go("ciam_confirm_number", {"code": code_to(HERS)})
    assert done.url == reverse("ciam_keep_recovery_codes")
    page = inside.get(reverse("ciam_factors")).content.decode()
    assert "+44 ••••• 56" in page
    assert HERS[3:] not in page
    assert inside.go("ciam_authenticator", {"name": "Old phone"}, authenticators_of(alice)[0].key).status_code == 302
    assert [own.name for own in authenticators_of(alice)] == ["Old phone"]


def test_another_text_comes_after_a_wait(inside, noon):
    inside.go("ciam_add_number", {"phone": HERS})
    first = code_to(HERS)
    inside.go("ciam_resend_to_number")
    assert "Too many tries" in inside.get(reverse("ciam_confirm_number")).content.decode()
    noon.shift(31)
    inside.go("ciam_resend_to_number")
    assert len(KEPT) == 2
    assert inside.go("ciam_confirm_number", {"code": first}).status_code == (400 if first != code_to(HERS) else 302)
    assert inside.go("ciam_confirm_number", {"code": code_to(HERS)}).status_code == 302


def test_the_step_after_waits_for_the_one_before(inside):
    assert inside.get(reverse("ciam_confirm_number")).url == reverse("ciam_add_number")


@pytest.mark.parametrize("typed", ["", "12", "+1 900 555 0100", "x" * 41, "+49 69 1234567"])
def test_what_takes_no_texts_is_refused_beside_the_field(inside, typed):
    assert inside.go("ciam_add_number", {"phone": typed}).status_code in (400, 422)
    assert not KEPT


def test_where_it_is_off_nobody_is_shown_it(inside, mfa):
    mfa(TEXT_MESSAGES=False)
    assert "Text message" not in inside.get(reverse("ciam_factors")).content.decode()
    assert inside.get(reverse("ciam_add_number")).status_code == 404


@pytest.mark.parametrize("name", ["ciam_add_number", "ciam_confirm_number", "ciam_resend_to_number"])
def test_nobody_adds_a_number_before_they_are_in(number, name):
    """MF8: half a sign-in enrols nothing."""
    pages = Pages()
    pages.sign_in(ALICE, PASSWORD)
    assert pages.go(name, {"phone": "+491701234567", "code": "123456"}).status_code in (302, 403)
    assert TextedNumber.objects.count() == 1
    assert not KEPT


def test_an_app_adds_a_number_and_steps_up_with_it(alice, noon):
    app = App()
    app.sign_in(ALICE, PASSWORD)
    texted = rest(app, "ciam_api_start_number", {"phone": HERS})
    assert texted.status_code == 201
    assert texted.json() == {"sent_to": TextedNumber.objects.get().hint, "minutes": 5, "resend_in": 30}
    added = rest(app, "ciam_api_confirm_number", {"code": code_to(HERS)})
    assert [own["factor"] for own in added.json()] == ["text_message"]
    noon.shift(3600)
    key = added.json()[0]["id"]
    begun = rest(app, "ciam_api_step_up", {"authenticator": key, "begin": True})
    assert set(begun.json()["prompt"]) == {"sent_to", "minutes", "resend_in"}
    done = rest(app, "ciam_api_step_up", {"authenticator": key, "code": code_to(HERS)})
    assert done.json()["level"] == "aal2"
