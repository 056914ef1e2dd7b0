"""Nobody learns whether an address has an account: not by text, status or time (invariant 4; EN1–EN6, EN8, EN10)."""

import random
import re
import socket
import statistics
import threading
import time

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts.queries import addresses_of
from ciam_core.kernel.models import Attempt, Outbox
from tests.brokers import broker
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import mails_to
from tests.factories import PASSWORD, AddressFactory, PersonFactory

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "alice@example.org", "amber@example.org"  # of one length and one mask
ANYTHING = "a password of no account"
DATES = re.compile(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT")
ECHO = re.compile(r"(alice|amber)@example\.org")
TOKENS = re.compile(r'(csrfmiddlewaretoken" value=|"session_token": )"\w+"')

# A hash that takes longer than today's stays recognisable until its owner signs in (``verify_password`` says so).
STATES = {
    "proven": {},
    "unproven": {"unproven": True},
    "passwordless": {"passwordless": True},
    "suspended": {"suspended": True},
    "imported hash": {"password": PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)},
}


@pytest.fixture(params=STATES)
def known(request, db):
    return PersonFactory(email=KNOWN, **STATES[request.param])


def seen(answer):
    """All a stranger sees of an answer, without what differs from one request to the next."""
    headers = {name: DATES.sub("date", value) for name, value in answer.headers.items()}
    cookies = {name: {**morsel, "expires": ""} for name, morsel in answer.cookies.items()}
    return answer.status_code, headers, cookies, ECHO.sub("address", TOKENS.sub("token", answer.content.decode()))


def asked(kind, address, act):
    """What ``act`` shows to a new browser that asks about ``address``, on the way and at its end."""
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
        return [seen(answer) for answer in act(kind(), address) if answer is not None]


def signing_in(door, address):
    yield door.sign_in(address, ANYTHING)
    yield waiting_page(door)


def signing_up(door, address):
    yield door.sign_up(address, ANYTHING)
    yield waiting_page(door)
    yield door.verify("000000")
    yield door.ask_for_verification_again()
    yield door.verify("000001")
    yield waiting_page(door)


def coming_by_code(door, address):
    yield door.ask_for_code(address)
    yield waiting_page(door)
    yield door.enter_code("000000")
    yield door.ask_for_code_again()
    for number in range(6):
        yield door.enter_code(f"00000{number}")


def recovering(door, address):
    yield door.ask_for_recovery(address)
    yield waiting_page(door)
    for number in range(6):
        yield door.recover(f"00000{number}", ANYTHING)
    yield door.ask_for_recovery(address)


def twice_by_code(door, address):
    """In two browsers: the first one's code is old."""
    first = type(door)()
    yield first.ask_for_code(address)
    yield door.ask_for_code(address)
    yield first.enter_code("000000")


def twice_recovering(door, address):
    first = type(door)()
    yield first.ask_for_recovery(address)
    yield door.ask_for_recovery(address)
    yield first.recover("000000", ANYTHING)


def twice_signing_up(door, address):
    first = type(door)()
    yield first.sign_up(address, ANYTHING)
    yield door.sign_up(address, ANYTHING)
    yield first.verify("000000")
    yield door.ask_for_verification_again()
    yield first.verify("000000")
    yield door.verify("000000")


def waiting_page(door):
    if not isinstance(door, Pages):
        return door.call("get", "auth/session")
    for name in ("ciam_verify_address", "ciam_confirm_sign_in_code", "ciam_recover_code"):
        page = door.get(reverse(name))
        if page.status_code == 200:
            return page
    return None


ACTS = [
    signing_in,
    signing_up,
    coming_by_code,
    recovering,
    twice_by_code,
    twice_recovering,
    twice_signing_up,
]


@pytest.mark.parametrize("act", ACTS)
def test_a_known_address_looks_like_an_unknown_one(act, door, known):
    """EN2, EN4, EN6: byte by byte, whatever the state of the account."""
    assert asked(type(door), KNOWN, act) == asked(type(door), UNKNOWN, act)


@pytest.mark.parametrize("act", [signing_up, coming_by_code, recovering])
def test_neither_answer_is_slower_in_statements(act, door, known):
    """A statement more for one of the two would be a difference in time."""
    counts = [statements(type(door), address, act) for address in (KNOWN, UNKNOWN)]
    assert abs(counts[0] - counts[1]) <= ALLOWED[act.__name__]


ALLOWED = {"signing_up": 9, "coming_by_code": 2, "recovering": 2}
"""Over all steps together. A new person's waiting session reads them at each of the five after signing up."""


def statements(kind, address, act):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        list(act(kind(), address))
    return len(captured)


def test_the_owner_of_a_taken_address_gets_one_mail_and_no_code(door, alice):
    """EN4."""
    door.sign_up(KNOWN, ANYTHING)
    (message,) = mails_to(KNOWN)
    assert not re.search(r"(?<!\d)\d{3}\s?\d{3}(?!\d)", message.subject)
    assert "/accounts/link/" not in message.body


def test_asking_again_after_a_sign_up_with_a_taken_address_mails_no_code(door, alice):
    """The owner would be mailed a code that opens nothing."""
    door.sign_up(KNOWN, ANYTHING)
    door.ask_for_verification_again()
    assert len(mails_to(KNOWN)) == 1


def test_an_unknown_address_is_told_so_and_can_be_spared(door, core):
    door.ask_for_recovery(UNKNOWN)
    assert len(mails_to(UNKNOWN)) == 1
    core(TELL_UNKNOWN_ADDRESSES=False)
    door.ask_for_recovery(UNKNOWN)
    door.ask_for_code(UNKNOWN)
    assert len(mails_to(UNKNOWN)) == 1


PROBES = ["login_hint", "email", "username", "id_token_hint"]
ASKING = ["ciam_sign_in", "ciam_sign_up", "ciam_recover", "ciam_request_sign_in_code"]


@pytest.mark.parametrize("prompt", ["none", "login", "select_account"])
def test_a_hint_in_a_url_tells_nothing(prompt, known):
    """EN10: nobody has asked for anything yet, and a page that knew more about one address would say so."""

    def looking(door, address):
        for probe in PROBES:
            query = {probe: address, "prompt": prompt}
            for name in ASKING:
                yield door.get(reverse(name), query)
            for path in ("config", "auth/session", "auth/password/reset", "account/email"):
                yield door.get(f"/_allauth/browser/v1/{path}", query)
            yield door.get("/api/ciam/v1/account/", query)

    assert asked(Pages, KNOWN, looking) == asked(Pages, UNKNOWN, looking)


@pytest.mark.parametrize("taken", ["proven", "unproven", "second"])
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_adding_an_address_tells_nothing_of_its_owner(kind, taken, mallory):
    """EN5."""

    def adding(door, address):
        door.sign_in(mallory.email, PASSWORD)
        yield door.add_address(address)
        for number in range(6):
            yield door.confirm_address(f"00000{number}")
        elsewhere = kind()
        elsewhere.sign_in(mallory.email, PASSWORD)
        row = addresses_of(mallory).get(email=address)
        door.call("put", "account/email", {"email": address}) if kind is not Pages else door.go(
            "ciam_verify_added_address", {}, row.pk
        )
        yield elsewhere.add_address(address)
        yield door.confirm_address("000000")
        again = kind()
        again.sign_in(mallory.email, PASSWORD)
        again.call("put", "account/email", {"email": address}) if kind is not Pages else again.go(
            "ciam_verify_added_address", {}, row.pk
        )
        yield door.confirm_address("000000")
        yield door.remove_address(addresses_of(mallory).get(email=address))

    if taken == "second":
        AddressFactory(user=PersonFactory(), email=KNOWN)
    else:
        PersonFactory(email=KNOWN, unproven=taken == "unproven")
    shown = [[strip_ids(part) for part in asked(kind, address, adding)] for address in (KNOWN, UNKNOWN)]
    assert shown[0] == shown[1]
    if taken != "unproven":
        assert not [message for message in mails_to(KNOWN) if re.search(r"\d{3} \d{3}", message.subject)]


def strip_ids(answer):
    status, headers, cookies, body = answer
    return status, headers, {*cookies}, re.sub(r"/email/\d+/|amber|alice|\"at\": [\d.]+", "", body)


def test_changing_the_address_tells_nothing_of_its_owner(mallory, alice):
    """EN5."""

    def changing(door, address):
        door.sign_in(mallory.email, PASSWORD)
        yield door.go("ciam_change_address", {"email": address})
        yield door.get(reverse("ciam_confirm_address"))
        for number in range(6):
            yield door.confirm_address(f"00000{number}")
        yield door.go("ciam_resend_address_code")

    assert [strip_ids(one) for one in asked(Pages, KNOWN, changing)] == [
        strip_ids(one) for one in asked(Pages, UNKNOWN, changing)
    ]


@pytest.mark.parametrize("act", [signing_in, coming_by_code, recovering, signing_up])
def test_a_known_address_is_slowed_down_like_an_unknown_one(act, door, alice):
    """EN8: the budget ends for both at the same try."""

    def hammering(kind, address):
        Attempt.objects.all().delete()
        return [next(act(kind(), address)).status_code for _ in range(12)]

    limited = [hammering(type(door), address) for address in (KNOWN, UNKNOWN)]
    assert limited[0] == limited[1]
    assert 429 in limited[0]


@pytest.fixture
def mail_server(settings, request):
    """A mail server on this machine that does what its name says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        stop = threading.Event()
        threading.Thread(target=BEHAVIOURS[request.param], args=(listening, stop), daemon=True).start()
        yield
        stop.set()


def hang(listening, stop):
    stop.wait()


def refuse(listening, stop):
    while not stop.is_set():
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"554 no mail today\r\n")


def hang_up(listening, stop):
    while not stop.is_set():
        listening.accept()[0].close()


BEHAVIOURS = {"hangs": hang, "refuses": refuse, "hangs up": hang_up}


@pytest.mark.parametrize("mail_server", BEHAVIOURS, indirect=True)
@pytest.mark.parametrize("act", [signing_up, coming_by_code, recovering])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mail_server_that_fails_changes_no_answer(act, mail_server, alice):
    """EN3."""
    failing = [asked(Pages, address, act) for address in (KNOWN, UNKNOWN)]
    Attempt.objects.all().delete()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        working = [asked(Pages, address, act) for address in (KNOWN, UNKNOWN)]
    assert failing[0] == failing[1] == working[0] == working[1]


@pytest.mark.parametrize("mail_server", ["hangs"], indirect=True)
def test_no_answer_waits_for_the_mail_server(door, mail_server, alice, settings):
    """EN3: a worker sends; a request only writes a row."""
    settings.EMAIL_TIMEOUT = 9
    with broker("memory://"):
        started = time.perf_counter()
        door.ask_for_recovery(KNOWN)
        assert time.perf_counter() - started < 5
    assert Outbox.objects.filter(kind="email", sent_at=None).count() == 1
    assert mail.outbox == []


TIMED = ["proven", "unproven", "passwordless", "suspended", "unknown"]


def test_the_time_of_a_sign_in_tells_nothing(db, settings):
    """EN1: interleaved samples with the real hasher; what a quarter of them stays under is the same within 2 %.

    Processor time of this thread, and its lower quartile, so that a busy machine does not blur it; samples are added
    until the noise allows the answer. (Imported hashes: tests/core/passwords/test_queries.py.)
    """
    settings.PASSWORD_HASHERS = ["ciam_core.passwords.hashers.Argon2idHasher"]
    for name in set(TIMED) - {"unknown"}:
        own = {"password": make_password(PASSWORD)} if name in ("proven", "unproven", "suspended") else {}
        PersonFactory(email=f"{name}@example.org", **{**own, **STATES[name]})
    taken = {name: [] for name in TIMED}
    for _ in range(6):
        for name, found in sample(20).items():
            taken[name] += found
        if furthest(taken) <= 0.02:
            return
    pytest.fail(f"One kind takes {furthest(taken):.0%} longer or shorter than an unknown address.")


def sample(times):
    """Seconds of a wrong sign-in, ``times`` for each kind of address, in mixed order."""
    door, taken = Browser(), {name: [] for name in TIMED}
    for name in random.sample([*taken] * (times + 2), len(taken) * (times + 2)):
        Attempt.objects.all().delete()
        started = time.thread_time()
        answer = door.sign_in(f"{name}@example.org", ANYTHING)
        taken[name].append(time.thread_time() - started)
        assert answer.status_code == 400
    return {name: found[2:] for name, found in taken.items()}


def furthest(taken):
    """How far, over all kinds, the lower quartile is from that of an unknown address, as a share of it."""
    quartiles = {name: statistics.quantiles(found, n=4)[0] for name, found in taken.items()}
    return max(abs(found / quartiles["unknown"] - 1) for found in quartiles.values())
