"""Wherever an answer is taken it counts: no other door, header or empty cache gives fresh tries."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import ConnectionError  # noqa: A004  # redis calls it so

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.flows import verify_factor
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.throttling.test_cost import valkey
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_totp, wrong

__all__ = ["valkey"]


def challenged(door, phone):
    door.sign_in(HERS, PASSWORD)
    return lambda code: answer(door, f"totp-{phone.pk}", code)


def stepping_up(door, phone):
    challenged(door, phone)(shows(phone))
    typed = {"authenticator": f"totp-{phone.pk}"}
    if isinstance(door, Browser):
        where = reverse("ciam_api_step_up")
        return lambda code: door.post(where, typed | {"code": code}, content_type="application/json")
    return lambda code: door.go("ciam_step_up", typed | {"code": code})


ANSWERED = [(kind, taken) for kind in (Pages, Browser, App) for taken in (challenged, stepping_up)]


@pytest.mark.parametrize(("kind", "taken"), ANSWERED)
def test_of_six_wrong_answers_five_are_evaluated_wherever_they_are_given(kind, taken, phone, noon):
    """TH10, MF3."""
    give = taken(kind(), phone)
    noon.shift(timedelta(minutes=1))
    assert [give(wrong(phone)).status_code for _ in range(6)] == [400] * 5 + [429]
    assert give(shows(phone)).status_code == 429


@pytest.mark.parametrize(("kind", "taken"), ANSWERED)
def test_tries_at_another_door_count_here(kind, taken, phone, alice, noon):
    """TH10."""
    give = taken(kind(), phone)
    noon.shift(timedelta(minutes=1))
    for _ in range(5):
        with pytest.raises(AnswerRejected):
            verify_factor(alice, f"totp-{phone.pk}", answer={"code": wrong(phone)}, origin=SYSTEM)
    assert give(shows(phone)).status_code == 429


@pytest.mark.parametrize("where", ["page", "json"])
def test_a_new_app_is_not_guessed_at_either(where, pages, alice):
    """TH10: whoever is in for a moment has no million tries at a secret they started."""
    pages.sign_in(HERS, PASSWORD)
    if where == "page":
        pages.go("ciam_add_totp")
        given = [pages.go("ciam_confirm_totp", {"code": "000000"}) for _ in range(6)]
    else:
        pages.post(reverse("ciam_api_start_totp"))
        confirm, body = reverse("ciam_api_confirm_totp"), {"code": "000000"}
        given = [pages.post(confirm, body, content_type="application/json") for _ in range(6)]
    assert [response.status_code for response in given] == [400] * 5 + [429]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Device-Token", "User-Agent"])
def test_no_header_gives_fresh_tries(name, app, phone):
    """MF12."""
    app.sign_in(HERS, PASSWORD)
    told = []
    for number in range(6):
        app.defaults = {f"HTTP_{name.upper().replace('-', '_')}": f"10.0.0.{number}"}
        told.append(answer(app, f"totp-{phone.pk}", wrong(phone)).status_code)
    assert told == [400] * 5 + [429]


def test_a_new_sign_in_gives_no_fresh_tries(phone):
    """MF3, MF11."""
    told = []
    for _ in range(6):
        door = App()
        door.sign_in(HERS, PASSWORD)
        told.append(answer(door, f"totp-{phone.pk}", wrong(phone)).status_code)
    assert told == [400] * 5 + [429]


def test_a_locked_factor_is_no_news_to_who_has_no_password(door, phone, bob):
    """TH8: with a factor, with a locked one, without one, without an account: they all look alike."""

    def tries(address):
        given = door.sign_in(address, "a guess of somebody")
        return given.status_code, given.content.replace(address.encode(), b"")

    before = tries(HERS)
    for _ in range(5):
        with pytest.raises(AnswerRejected):
            verify_factor(phone.user, f"totp-{phone.pk}", answer={"code": wrong(phone)}, origin=SYSTEM)
    told = [tries(HERS), tries(bob.email), tries("nobody@example.org")]
    if isinstance(door, Browser):
        assert told == [before] * 3
    assert {status for status, _ in told} == {before[0]}


@pytest.mark.parametrize("kind", [Pages, App])
def test_a_second_factor_needs_no_cache(kind, phone, valkey, noon):
    """F15: neither taking the right code, nor refusing it a second time, nor waiting."""
    valkey.stop()
    with pytest.raises(ConnectionError):
        cache.get("x")
    door, code = kind(), shows(phone)
    give = challenged(door, phone)
    assert give(wrong(phone)).status_code == 400
    give(code)
    assert door.is_signed_in()
    thief = kind()
    give = challenged(thief, phone)
    assert [give(code).status_code for _ in range(6)] == [400] * 5 + [429]
    assert not thief.is_signed_in()


def test_a_session_from_before_shows_the_new_factor_before_it_changes_any(pages, alice, noon):
    """SE7, N11: what is demanded since then is demanded of sessions that are older."""
    pages.sign_in(HERS, PASSWORD)
    noon.shift(timedelta(minutes=1))
    phone = with_totp(alice)
    assert pages.go("ciam_add_totp").url.startswith(reverse("ciam_step_up"))
    assert pages.delete(f"/api/ciam/v1/factors/totp-{phone.pk}/").json()["code"] == "step_up_required"
    pages.go("ciam_step_up", {"authenticator": f"totp-{phone.pk}", "code": shows(phone)})
    assert pages.go("ciam_add_totp").url == reverse("ciam_confirm_totp")


def test_a_known_device_is_asked_all_the_same(door, phone, alice, noon):
    """N17, N18: a cookie is no authenticator, and nothing that is only likely takes the place of one."""
    door.sign_in(HERS, PASSWORD)
    answer(door, f"totp-{phone.pk}", shows(phone))
    assert door.is_signed_in()
    door.sign_out()
    noon.shift(timedelta(minutes=1))
    door.sign_in(HERS, PASSWORD)
    assert not door.is_signed_in()
    assert "totp" not in str(ways.session_in(door).get("ciam_shown"))
