"""Recovery and verification under attack (SECURITY.md RC1–RC12)."""

import itertools
import random
import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core import mail
from django.urls import reverse

from ciam_core.accounts.adapter import AccountAdapter
from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.accounts.flows.sign_in import sign_in_with_password
from ciam_core.accounts.queries import addresses_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to, token_in
from tests.factories import PASSWORD, AddressFactory

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
EVIL = "evil.example"
HOST_HEADERS = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "6666",
    "X-Host": EVIL,
    "X-Original-Host": EVIL,
    "X-Original-URL": f"https://{EVIL}/",
    "X-Rewrite-URL": f"https://{EVIL}/",
    "Forwarded": f"host={EVIL};proto=https",
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
    "X-HTTP-Host-Override": EVIL,
}


def opens(address, password):
    """Whether this password opens this account, asked of the flow itself."""
    try:
        sign_in_with_password(address, password=password, origin=SYSTEM)
    except SignInRefused:
        return False
    return True


@pytest.mark.parametrize("header", HOST_HEADERS)
def test_no_header_moves_the_link_in_the_mail(header, pages, alice, settings):
    """RC1."""
    settings.ALLOWED_HOSTS = ["*"]
    pages.post(reverse("ciam_recover"), {"email": alice.email}, headers={header: HOST_HEADERS[header]})
    message = newest_to(alice.email)
    links = re.findall(r"https?://[^/\s\"'<]+", message.body + message.alternatives[0][0])
    assert set(links) == {"http://testserver"}


def test_the_host_header_itself_moves_nothing(pages, alice, settings):
    """RC1."""
    settings.ALLOWED_HOSTS = ["*"]
    pages.post(reverse("ciam_recover"), {"email": alice.email}, headers={"Host": EVIL})
    assert EVIL not in newest_to(alice.email).message().as_string()


SPELLINGS = [
    "alice＠example.org",
    "ａlice@example.org",
    "alıce@example.org",
    "alIce@example.org",
    "аlice@example.org",
    "alice@exаmple.org",
    "alice@ｅxample.org",
    "al\u00adice@example.org",
    "alice\u200b@example.org",
    "alice@example.org\u0000",
    "alice@example。org",
    "ALİCE@example.org",
    "alice@example.org,mallory@example.net",
    "alice@example.org mallory@example.net",
    "<alice@example.org>",
    "alice@example.org\nmallory@example.net",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_recovery_mails_only_the_stored_address(spelling, door, alice):
    """RC2: a spelling that means alice mails alice, any other means nobody."""
    door.ask_for_recovery(spelling)
    door.ask_for_code(spelling)
    assert all(message.to == [alice.email] for message in mail.outbox if "/accounts/link/" in message.body)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_signs_up_beside_alice_and_gets_her_mail(spelling, door, alice):
    """RC2."""
    door.sign_up(spelling, NEW)
    others = get_user_model().objects.exclude(pk=alice.pk)
    assert not any(authenticate(username=alice.email, password=NEW) for _ in [0])
    assert all(person.email.casefold() != alice.email for person in others)


class Walk:
    """Mallory with a browser of hers and every step there is, but without alice's mailbox."""

    def __init__(self, alice, mallory, seed):
        self.random, self.alice, self.mallory = random.Random(seed), alice, mallory
        self.door = self.random.choice([Pages, Browser, App])()

    def steps(self):
        door, someone = self.door, self.random.choice([self.alice.email, self.mallory.email])
        guess = self.random.choice(["000000", self.own_code()])
        yield lambda: door.ask_for_recovery(someone)
        yield lambda: door.recover(guess, NEW)
        yield lambda: door.recover_by_link(self.own_token(), NEW)
        yield lambda: door.ask_for_code(someone)
        yield lambda: door.enter_code(guess)
        yield lambda: door.sign_up(someone, NEW)
        yield lambda: door.verify(guess)
        yield lambda: door.verify(self.own_token())
        yield lambda: door.ask_for_verification_again()
        yield lambda: door.ask_for_code_again()
        yield lambda: door.sign_in(self.mallory.email, PASSWORD)
        yield lambda: door.sign_in(someone, NEW)
        yield lambda: door.change_password(NEW, NEW)
        yield lambda: door.change_password("", NEW)
        yield lambda: door.add_address(self.alice.email)
        yield lambda: door.confirm_address(guess)
        yield lambda: door.sign_out()
        if isinstance(door, Pages):
            yield lambda: door.use_link(reverse("ciam_link", args=[self.own_token()]))
            yield lambda: door.go("ciam_set_new_password", {"password": NEW})
            yield lambda: door.go("ciam_use_link")
            yield lambda: door.go("ciam_change_address", {"email": self.alice.email})
            yield lambda: door.go("ciam_resend_recovery")

    def own_code(self):
        mine = [message for message in mails_to(self.mallory.email) if re.search(r"\d{3} \d{3}", message.subject)]
        return code_in(mine[-1]) if mine else "000001"

    def own_token(self):
        mine = [message for message in mails_to(self.mallory.email) if "/accounts/link/" in message.body]
        return token_in(mine[-1]) if mine else "a" * 43

    def run(self, length):
        for _ in range(length):
            self.random.choice(list(self.steps()))()


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_steps_leads_to_a_new_password_without_alices_mailbox(seed, alice, mallory):
    """RC3: a walk over the model; what mallory may prove is her own mailbox, in any step and in any order."""
    walk = Walk(alice, mallory, seed)
    walk.run(25)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert [(row.email, row.verified) for row in addresses_of(alice)] == [("alice@example.org", True)]
    assert str(alice.pk) != str(walk.door.session.get("_auth_user_id"))


def test_a_code_opens_only_the_account_it_was_mailed_for(door, alice, mallory):
    """RC4: asked for in one session for both, one after the other."""
    door.ask_for_recovery(mallory.email)
    code = code_in(newest_to(mallory.email))
    door.ask_for_recovery(alice.email)
    door.recover(code, NEW)
    assert not opens(alice.email, NEW)


def test_a_recovery_code_opens_nothing_in_another_session(door, alice):
    """RC4."""
    door.ask_for_recovery(alice.email)
    other = type(door)()
    other.recover(code_in(newest_to(alice.email)), NEW)
    assert not opens(alice.email, NEW)


def after_a_new_password(door, alice):
    door.ask_for_recovery(alice.email)
    door.recover(code_in(newest_to(alice.email)), NEW)


def after_a_change_of_address(door, alice):
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    pages.go("ciam_change_address", {"email": "alice@example.com"})
    pages.confirm_address(code_in(newest_to("alice@example.com")))


def after_a_newer_request(door, alice):
    type(door)().ask_for_recovery(alice.email)


@pytest.mark.parametrize("change", [after_a_new_password, after_a_change_of_address, after_a_newer_request])
def test_a_recovery_link_dies(change, door, alice):
    """RC5."""
    door.ask_for_recovery(alice.email)
    token = token_in(newest_to(alice.email))
    change(type(door)(), alice)
    alice.refresh_from_db()
    before = alice.password
    type(door)().recover_by_link(token, "another wooden pier with ducks")
    alice.refresh_from_db()
    assert alice.password == before


def test_a_sign_in_code_dies_with_a_new_password(door, alice):
    """RC5."""
    door.ask_for_code(alice.email)
    code = code_in(newest_to(alice.email))
    after_a_new_password(type(door)(), alice)
    door.enter_code(code)
    assert not door.is_signed_in()


class TwoFactorAdapter(AccountAdapter):
    """A host with one more stage, as ciam_mfa will be."""

    def get_login_stages(self):
        return [*super().get_login_stages(), "tests.core.accounts.stages.AskMore"]


@pytest.mark.parametrize("way", ["code", "link", "sign-in code", "password"])
def test_a_reset_goes_through_every_stage_of_the_sign_in(way, door, alice, settings):
    """RC6, invariant 1."""
    settings.ACCOUNT_ADAPTER = "tests.core.accounts.test_recovery_attacks.TwoFactorAdapter"
    if way == "password":
        door.sign_in(alice.email, PASSWORD)
    elif way == "sign-in code":
        door.ask_for_code(alice.email)
        door.enter_code(code_in(newest_to(alice.email)))
    else:
        door.ask_for_recovery(alice.email)
        message = newest_to(alice.email)
        door.recover(code_in(message), NEW) if way == "code" else door.recover_by_link(token_in(message), NEW)
        assert opens(alice.email, NEW)
    assert not door.is_signed_in()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_spends_no_link(method, alice, pages):
    """RC8, ASVS 7.6.2: it follows each link in the mail, and where that leads, as often as it likes."""
    pages.ask_for_recovery(alice.email)
    pages.ask_for_code(alice.email)
    for message in mails_to(alice.email):
        scanner = Pages()
        for _ in range(3):
            getattr(scanner, method)(link_in(message), follow=method != "options")
    assert not Proof.objects.filter(token_digest__isnull=False, used_at__isnull=False).exists()
    pages.use_link(link_in(newest_to(alice.email)))
    assert pages.is_signed_in()


PURPOSES = {
    "verify_address": lambda pages, alice: pages.add_address("second@example.org"),
    "change_address": lambda pages, alice: pages.go("ciam_change_address", {"email": "second@example.org"}),
    "sign_in": lambda pages, alice: Pages().ask_for_code(alice.email),
    "recover": lambda pages, alice: Pages().ask_for_recovery(alice.email),
    "undo_address_change": lambda pages, alice: _change(pages),
}


def _change(pages):
    pages.go("ciam_change_address", {"email": "second@example.org"})
    pages.confirm_address(code_in(newest_to("second@example.org")))


JSON_DOORS_OF_TOKENS = {"auth/email/verify": "verify_address", "auth/password/reset": "recover"}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("path", JSON_DOORS_OF_TOKENS)
@pytest.mark.parametrize("kind", [Browser, App])
def test_a_token_is_taken_at_no_door_but_its_own(purpose, path, kind, pages, alice):
    """RC9."""
    token = _token_for(purpose, pages, alice)
    answer = kind().call("post", path, {"key": token, **({"password": NEW} if "reset" in path else {})})
    assert (answer.status_code == 400) == (JSON_DOORS_OF_TOKENS[path] != purpose)
    header = {"HTTP_X_EMAIL_VERIFICATION_KEY": token, "HTTP_X_PASSWORD_RESET_KEY": token}
    if JSON_DOORS_OF_TOKENS[path] != purpose:
        assert kind().get(f"/_allauth/{kind.base.split('/')[2]}/v1/{path}", **header).status_code == 400


def _token_for(purpose, pages, alice):
    pages.sign_in(alice.email, PASSWORD)
    PURPOSES[purpose](pages, alice)
    to = "second@example.org" if purpose in ("verify_address", "change_address") else "alice@example.org"
    with_link = [message for message in mails_to(to) if "/accounts/link/" in message.body]
    return token_in(with_link[-1])


@pytest.mark.parametrize("purpose", [name for name in PURPOSES if name != "recover"])
def test_no_link_but_the_one_for_recovery_sets_a_password(purpose, pages, alice):
    """RC9."""
    token = _token_for(purpose, pages, alice)
    stranger = Pages()
    stranger.get(reverse("ciam_link", args=[token]))
    stranger.go("ciam_set_new_password", {"password": NEW})
    assert not get_user_model().objects.get(pk=alice.pk).check_password(NEW)


@pytest.mark.parametrize("kind", ["sign_in", "recover", "verify_address", "change_address"])
def test_a_code_is_taken_on_no_page_but_its_own(kind, pages, alice):
    """RC9: each code on every page that asks for one, in the session that asked for it."""
    caller = Pages()
    if kind in ("verify_address", "change_address"):
        caller.sign_in(alice.email, PASSWORD)
        PURPOSES[kind](caller, alice)
        code = code_in(newest_to("second@example.org"))
        pages_for_codes = [
            "ciam_confirm_sign_in_code",
            "ciam_verify_address",
            "ciam_recover_code",
            "ciam_reauthenticate",
        ]
    else:
        caller.ask_for_code(alice.email) if kind == "sign_in" else caller.ask_for_recovery(alice.email)
        code = code_in(newest_to(alice.email))
        own = {"sign_in": "ciam_confirm_sign_in_code", "recover": "ciam_recover_code"}[kind]
        pages_for_codes = {"ciam_confirm_sign_in_code", "ciam_verify_address", "ciam_recover_code"} - {own}
    for name in pages_for_codes:
        caller.go(name, {"code": code, "password": NEW})
    assert not Proof.objects.filter(used_at__isnull=False).exists()
    assert not opens(alice.email, NEW)


def test_an_added_address_brings_nobody_in_before_it_is_proven(door, alice):
    """RC10."""
    AddressFactory(user=alice, email="second@example.org", verified=False)
    door.sign_in("second@example.org", PASSWORD)
    door.ask_for_code("second@example.org")
    door.ask_for_recovery("second@example.org")
    assert not door.is_signed_in()
    assert not any("/accounts/link/" in message.body for message in mails_to("second@example.org"))


def test_the_present_address_is_told_of_an_added_and_of_a_changed_one(pages, alice):
    """RC10, ASVS 6.3.7."""
    pages.sign_in(alice.email, PASSWORD)
    pages.add_address("second@example.org")
    assert len(mails_to(alice.email)) == 1
    pages.go("ciam_change_address", {"email": "third@example.org"})
    assert len(mails_to(alice.email)) == 1  # nothing has changed yet
    pages.confirm_address(code_in(newest_to("third@example.org")))
    assert "/accounts/link/" in newest_to(alice.email).body


def test_the_owner_is_told_of_a_new_password(door, alice):
    """ASVS 6.3.7."""
    door.sign_in(alice.email, PASSWORD)
    door.change_password(PASSWORD, NEW)
    assert len(mails_to(alice.email)) == 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_leaves_the_url_at_once_and_goes_to_no_third_party(purpose, pages, alice):
    """RC11."""
    token = _token_for(purpose, pages, alice)
    opened = Pages().get(reverse("ciam_link", args=[token]))
    assert token not in opened.headers.get("Location", "")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in opened.headers["Cache-Control"]


def test_a_token_is_in_no_page_that_it_leads_to(pages, alice):
    """RC11."""
    pages.ask_for_recovery(alice.email)
    token = token_in(newest_to(alice.email))
    page = pages.get(link_in(newest_to(alice.email)), follow=True)
    assert token not in page.content.decode()
    assert token not in str(dict(pages.session))


@pytest.mark.parametrize("typed", ["", " ", "!", "None", "\x00", "password"])
def test_a_person_without_a_password_comes_in_with_none(typed, door, passwordless):
    """RC12."""
    door.sign_in(passwordless.email, typed)
    assert not door.is_signed_in()
    assert authenticate(username=passwordless.email, password=typed) is None


def test_the_stored_text_of_an_unusable_password_is_no_password(door, passwordless):
    """RC12."""
    door.sign_in(passwordless.email, passwordless.password)
    assert not door.is_signed_in()


def test_codes_have_twenty_bits_and_do_not_repeat(pages, alice, settings):
    """ASVS 6.5.4."""
    codes = set()
    for _ in range(9):
        Pages().ask_for_recovery(alice.email)
        codes.add(code_in(newest_to(alice.email)))
    assert len(codes) >= 8
    assert all(len(code) == 6 for code in codes)


def test_five_wrong_codes_end_the_right_one(door, alice):
    """ASVS 6.6.3."""
    door.ask_for_recovery(alice.email)
    code = code_in(newest_to(alice.email))
    for wrong in itertools.islice((f"{number:06}" for number in range(9) if f"{number:06}" != code), 5):
        door.recover(wrong, NEW)
    door.recover(code, NEW)
    assert not opens(alice.email, NEW)
