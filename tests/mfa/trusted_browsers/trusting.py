"""Doors whose person has said that they need not be asked there again."""

from tests.core.accounts.doors import App, Browser
from tests.factories import PASSWORD
from tests.mfa.people import shows

COOKIE = "trust-token"


def answer(door, app, *, trust=True, code=None):
    """The second factor, with the tick or without."""
    typed = {"authenticator": f"totp-{app.pk}", "code": code or shows(app)}
    if isinstance(door, Browser):
        answered = door.call("post", "auth/ciam/challenge", {**typed, "trust": trust})
        if told := (answered.json().get("meta") or {}).get("trusted_device_token"):
            show(door, told)
        return answered
    return door.go("ciam_challenge", {**typed, "trust": "1"} if trust else typed)


def show(door, token):
    """From now on this app sends it."""
    door.defaults["HTTP_X_TRUSTED_DEVICE_TOKEN"] = token


def token_of(door):
    if isinstance(door, App):
        return door.defaults.get("HTTP_X_TRUSTED_DEVICE_TOKEN")
    return door.cookies[COOKIE].value if COOKIE in door.cookies else None


def trusting(door, person, app, clock):
    """``door`` after a sign-in that was trusted, and the sign-out after it."""
    door.sign_in(person.email, PASSWORD)
    answer(door, app)
    assert door.is_signed_in()
    door.sign_out()
    clock.shift(60)  # another code is shown
    return door
