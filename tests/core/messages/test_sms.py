"""Gateways that refuse, hang, lie and vanish: no text is paid twice, none is lost that could be sent (F18, DO13)."""

import json
import threading
from base64 import b64encode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import parse_qs

import pytest
from django.core.checks import run_checks
from django.db import transaction

from ciam_core.kernel.models import Outbox
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.outbox import deliver
from ciam_core.messages.sms.backends import HttpGateway, TwilioGateway
from ciam_core.messages.sms.flows import send_code
from ciam_core.messages.sms.text import code_text, fits_one_part

HTTP = "ciam_core.messages.sms.backends.HttpGateway"
TWILIO = "ciam_core.messages.sms.backends.TwilioGateway"
NUMBER, SECRET = "+447911123456", "a-gateway-token"


class Gateway:
    """A real server on loopback. ``answers``: a status, or what it does instead; the last one is repeated."""

    def __init__(self):
        self.answers = [200]
        self.taken = []
        self.done = threading.Event()
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                own.taken.append((self.path, dict(self.headers), body.decode()))
                own.answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "hang":
            self.done.wait(10)
        elif answer == "garbage":
            handler.wfile.write(b"\x00\xff surely not HTTP\r\n\r\n")
        elif answer == "vanish":
            handler.connection.close()
        else:
            handler.send_response(answer)
            handler.end_headers()
            handler.wfile.write(b"{not json")

    def close(self):
        self.done.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway():
    server = Gateway()
    yield server
    server.close()


@pytest.fixture
def http(settings, gateway):
    options = {"url": gateway.url, "token": SECRET, "sender": "Shop", "timeout": 0.3}
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "add", "SMS_BACKEND": HTTP, "SMS_OPTIONS": options}
    return gateway


@pytest.fixture
def twilio(settings, gateway):
    url = gateway.url.removesuffix("/send")
    options = {"account_sid": "AC1", "auth_token": SECRET, "sender": "MG1", "url": url, "timeout": 0.3}
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "add", "SMS_BACKEND": TWILIO, "SMS_OPTIONS": options}
    return gateway


def sent():
    """A text in the outbox, tried once."""
    with transaction.atomic():
        send_code("sign_in", to=NUMBER, code="482913", subject_id=None, origin=SYSTEM, good_for=timedelta(minutes=10))
    row = Outbox.objects.latest("created_at")
    deliver(row.pk)
    row.refresh_from_db()
    return row


def again(row, time_machine):
    time_machine.move_to(row.due_at + timedelta(seconds=1))
    deliver(row.pk)
    row.refresh_from_db()
    return row


def state(row):
    return "sent" if row.sent_at else "given up" if row.failed_at else "waiting"


@pytest.mark.django_db
def test_a_gateway_gets_the_documented_request(http):
    assert state(sent()) == "sent"
    ((path, headers, body),) = http.taken
    told = json.loads(body)
    assert (path, told["to"], told["sender"]) == ("/send", NUMBER, "Shop")
    assert told["text"].startswith("482913 ")
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Idempotency-Key"] == told["id"]


@pytest.mark.django_db
def test_twilio_gets_its_form(twilio):
    assert state(sent()) == "sent"
    ((path, headers, body),) = twilio.taken
    form = parse_qs(body)
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert (form["To"], form["MessagingServiceSid"], "From" in form) == ([NUMBER], ["MG1"], False)
    assert headers["Authorization"] == "Basic " + b64encode(f"AC1:{SECRET}".encode()).decode()


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["hang", "garbage", "vanish", 500, 502, 503, 429])
def test_a_gateway_that_knows_its_ids_is_asked_again_under_the_same(http, trouble, time_machine):
    """F18: it may have taken the first; the key lets it know the second."""
    http.answers = [trouble, 200]
    row = sent()
    assert state(row) == "waiting"
    assert state(again(row, time_machine)) == "sent"
    keys = [headers["Idempotency-Key"] for _, headers, _ in http.taken]
    assert len(keys) == 2 and len(set(keys)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["hang", "garbage", "vanish", 500, 504])
def test_what_twilio_may_have_taken_is_not_sent_twice(twilio, trouble, time_machine):
    """F18: it has no key to know a second one by."""
    twilio.answers = [trouble, 201]
    assert state(sent()) == "given up"
    assert len(twilio.taken) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [429, 503])
def test_what_twilio_did_not_take_is_sent_later(twilio, trouble, time_machine):
    twilio.answers = [trouble, 201]
    assert state(again(sent(), time_machine)) == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [301, 400, 401, 403, 404])
def test_a_refusal_for_good_is_not_tried_again(http, status):
    http.answers = [status]
    assert state(sent()) == "given up"
    assert len(http.taken) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["http", "twilio"])
def test_a_gateway_that_is_down_is_tried_again(kind, request, time_machine):
    """Nothing arrived there, so nothing can be paid twice."""
    down = request.getfixturevalue(kind)
    down.close()
    row = sent()
    assert state(row) == "waiting"


@pytest.mark.django_db
def test_an_expired_code_is_not_sent(http, time_machine):
    http.answers = [503, 200]
    row = sent()
    time_machine.move_to(row.give_up_at)
    deliver(row.pk)
    row.refresh_from_db()
    assert (state(row), len(http.taken)) == ("given up", 1)


@pytest.mark.django_db
def test_a_hanging_gateway_is_left_after_its_timeout(http):
    http.answers = ["hang"]
    started = monotonic()
    sent()
    assert monotonic() - started < 5


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [200, 400, 500, "garbage"])
def test_neither_log_nor_repr_holds_number_code_or_credentials(http, trouble, caplog):
    caplog.set_level("DEBUG")
    http.answers = [trouble]
    sent()
    backends = [HttpGateway(url=http.url, token=SECRET), TwilioGateway("AC1", SECRET, "MG1")]
    told = caplog.text + repr(backends)
    assert not [secret for secret in (NUMBER, NUMBER[1:], "482913", SECRET) if secret in told]


def problems(settings, **values):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "add", **values}
    return [message.id for message in run_checks() if message.id.startswith("ciam_core.E")]


def test_a_back_end_that_cannot_send_is_a_check_error(settings):
    options = {"url": "https://sms.example/", "token": SECRET}
    assert problems(settings, SMS_BACKEND=HTTP, SMS_OPTIONS=options) == []
    assert problems(settings) == ["ciam_core.E004"]
    assert problems(settings, SMS_BACKEND="nowhere.Gateway") == ["ciam_core.E109"]
    assert problems(settings, SMS_BACKEND=HTTP, SMS_OPTIONS={"tokn": SECRET}) == ["ciam_core.E109"]
    assert problems(settings, SMS_BACKEND=HTTP, SMS_OPTIONS={**options, "url": "http://sms.example/"}) == [
        "ciam_core.E109"
    ]
    assert problems(settings, SMS_BACKEND="ciam_core.messages.sms.inbox.InboxBackend") == ["ciam_core.E109"]
    assert problems(settings, SMS_BACKEND="builtins.dict") == ["ciam_core.E109"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"SMS_LIFETIME": timedelta(minutes=11)},
        {"PHONE_REGION": "de"},
        {"PHONE_REGION": "DE", "PHONE_COUNTRIES": ("FR",)},
        {"MAX_PHONES": 0},
        {"MESSAGE_BUDGETS": {"sms.dya": None}},
        {"MESSAGE_BUDGETS": {"sms.day": (0, timedelta(days=1))}},
    ],
)
def test_settings_that_cannot_work_are_check_errors(settings, wrong):
    options = {"url": "https://sms.example/", "token": SECRET}
    assert problems(settings, SMS_BACKEND=HTTP, SMS_OPTIONS=options, **wrong) == ["ciam_core.E004"]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("template", ["sign_in", "verify_phone"])
@pytest.mark.parametrize(
    "name", ["Shop", "The Original Dortmund Tea and Coffee House of the Brothers Grimm" * 2, "Чай"]
)
@pytest.mark.parametrize("host", ["shop.example", f"{'long.' * 20}example"])
def test_a_text_is_one_part_code_first_and_never_a_link(language, template, name, host, settings):
    settings.CIAM_KERNEL = {"PUBLIC_URL": f"https://{host}", "PRODUCT_NAME": name}
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    text = code_text(template, "482913", Origin(channel=Channel.BROWSER, language=language))
    assert text.startswith("482913 ")
    assert "://" not in text
    if name == "Shop":
        assert fits_one_part(text)
    if name != "Чай" and host == "shop.example":
        assert text.splitlines()[-1] == "@shop.example #482913"


@pytest.mark.parametrize(
    ("text", "fits"),
    [("a" * 160, True), ("a" * 161, False), ("€" * 80, True), ("€" * 81, False), ("ж" * 70, True), ("ж" * 71, False)],
)
def test_what_is_paid_for_once(text, fits):
    """3GPP TS 23.038: 160 places, two for some; 70 in UCS-2."""
    assert fits_one_part(text) is fits
