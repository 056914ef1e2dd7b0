"""Through each door with the first factor alone: where it should end is the challenge."""

from django.urls import reverse

from ciam_core.federation.flows import link_identity
from ciam_core.federation.identity import Identity
from ciam_core.flows import deactivate
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.sessions import find_app_session
from tests.core.accounts.doors import App, Browser
from tests.core.accounts.mailbox import code_in, link_in, newest_to, token_in
from tests.core.federation.test_headless import by_token
from tests.core.federation.ways import sign_in as sign_in_there
from tests.factories import PASSWORD
from tests.texts import code_to

HERS = "alice@example.org"
NEW = "three ducks on a wooden pier"


def password(door, world):
    return door.sign_in(HERS, PASSWORD)


def code(door, world):
    door.ask_for_code(HERS)
    return door.enter_code(code_in(newest_to(HERS)))


def text(door, world):
    number = world("phone").number
    if isinstance(door, Browser):
        door.call("post", "auth/code/request", {"phone": number})
    else:
        door.go("ciam_request_sms_code", {"phone": number})
    return door.enter_code(code_to(number))


def sign_in_link(door, world):
    door.ask_for_code(HERS)
    return door.use_link(link_in(newest_to(HERS)))


def recovery_code(door, world):
    door.ask_for_recovery(HERS)
    return door.recover(code_in(newest_to(HERS)), NEW)


def recovery_link(door, world):
    door.ask_for_recovery(HERS)
    return door.recover_by_link(token_in(newest_to(HERS)), NEW)


def come_back(door, world):
    deactivate(world("alice"), origin=SYSTEM)
    return door.sign_in(HERS, PASSWORD)


def identity(door, world):
    return sign_in_there(door, _linked(world))


def id_token(door, world):
    return by_token(door, _linked(world))


def admin(door, world):
    person = world("alice")
    type(person).objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return door.post(reverse("admin:login"), {"username": HERS, "password": PASSWORD})


def _linked(world):
    provider = world("provider")
    there = Identity(provider="there", issuer=provider.issuer, subject="alice-there")
    link_identity(world("alice"), there, origin=SYSTEM)
    return provider


def answer(door, key, code):
    """The second factor, at the page or in JSON."""
    if isinstance(door, Browser):
        return door.call("post", "auth/ciam/challenge", {"authenticator": key, "code": code})
    return door.go("ciam_challenge", {"authenticator": key, "code": code})


def session_in(door):
    """What the server keeps for this door."""
    if isinstance(door, App):
        return find_app_session(door.token or "") or {}
    return door.session
