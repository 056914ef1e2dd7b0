"""From the flow to the mail server, on a real one."""

import json
import socket
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from ciam_core.kernel.models import Outbox
from ciam_core.kernel.outbox import Undeliverable, deliver, sweep_outbox
from ciam_core.kernel.secrets import unseal
from ciam_core.messages.courier import EmailCourier, _connection

pytestmark = pytest.mark.django_db(transaction=True)


def parsed(server):
    return [message_from_bytes(envelope.content, policy=policy.default) for envelope in server.received]


def payload(**changes):
    return {"id": "0190", "to": "alice@example.org", "subject": "Hello", "text": "Hello", "html": "Hello", **changes}


def test_a_message_arrives_as_text_and_html(send, mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "Shop <hello@shop.example>"
    send("sign_in")

    (message,) = parsed(mail_server)
    assert message["To"] == "alice@example.org"
    assert message["From"] == "Shop <hello@shop.example>"
    assert message["Subject"] == "482 913 is your code for Shop"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "482 913" in message.get_body(("plain",)).get_content()


def test_nothing_leaves_when_the_flow_fails(send, mail_server):
    with transaction.atomic():
        send()
        transaction.set_rollback(True)

    assert not mail_server.received
    assert not Outbox.objects.exists()


def test_a_decoy_is_never_sent_and_looks_the_same(send, mail_server):
    with transaction.atomic():
        send()
        send(decoy=True)
        sizes = [len(row.sealed) for row in Outbox.objects.order_by("id")]

    assert len(mail_server.received) == 1
    assert abs(sizes[0] - sizes[1]) <= 4
    assert {row.sealed for row in Outbox.objects.all()} == {""}
    assert Outbox.objects.exclude(sent_at=None).count() == 2


def test_a_recipient_refused_for_good_is_given_up_at_once(send, mail_server):
    mail_server.answers = ["550 5.1.1 No such person"]
    send()

    row = Outbox.objects.get()
    assert row.failed_at
    assert row.attempts == 1


def test_a_busy_server_is_tried_again_and_gets_it_once(send, mail_server, time_machine):
    """F17: a refusal for now is not the end, and a retry is not a second mail."""
    mail_server.answers = ["450 4.2.1 Busy", "451 4.3.0 Busy"]
    send(good_for=timedelta(days=1))
    assert not mail_server.received

    for minutes in (5, 60):
        time_machine.move_to(timezone.now() + timedelta(minutes=minutes))
        sweep_outbox()
    sweep_outbox()
    deliver(Outbox.objects.get().pk)

    assert len(mail_server.received) == 1
    assert Outbox.objects.get().sent_at


def test_a_server_that_is_down_changes_nothing_for_the_flow(send, settings):
    """EN3: the answer does not depend on the mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send()

    row = Outbox.objects.get()
    assert row.sealed
    assert not row.failed_at


def test_a_server_that_hangs_is_left_after_the_time_out(send, settings):
    silent = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
    settings.EMAIL_TIMEOUT = 0.3
    started = timezone.now()
    send()
    silent.close()

    assert timezone.now() - started < timedelta(seconds=5)
    assert Outbox.objects.get().due_at > started


def test_a_host_that_sets_no_time_out_gets_one(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = None
    assert _connection().timeout == 10

    settings.EMAIL_TIMEOUT = 3
    assert _connection().timeout == 3


def test_an_expired_code_is_not_sent(send, mail_server, time_machine):
    mail_server.answers = ["450 4.2.1 Busy"]
    send(good_for=timedelta(minutes=10))
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    sweep_outbox()

    assert not mail_server.received
    assert Outbox.objects.get().failed_at


def test_sent_again_after_a_crash_it_is_the_same_message(mail_server):
    for _ in range(2):
        EmailCourier().deliver(payload())

    first, second = parsed(mail_server)
    assert first["Message-ID"] == second["Message-ID"] == "<0190@testserver>"


@pytest.mark.parametrize("to", ["alice@example.org\nBcc: eve@example.org", "alice@example.org\r\n\r\nHello"])
def test_no_address_can_add_a_header(mail_server, to):
    """DO13"""
    with pytest.raises(Undeliverable):
        EmailCourier().deliver(payload(to=to))
    assert not mail_server.received


def test_no_subject_can_add_a_header(mail_server):
    """DO13"""
    with pytest.raises(Undeliverable):
        EmailCourier().deliver(payload(subject="Hello\nBcc: eve@example.org"))


def test_any_django_back_end_will_do(send):
    send("password_changed")

    (message,) = mail.outbox
    assert message.subject == "Shop: your password was changed"


def test_the_row_holds_everything_sealed(send, browser):
    with transaction.atomic():
        send(origin=replace(browser, language="de"))
        row = Outbox.objects.get()
        held = json.loads(unseal(row.sealed, context=f"ciam_kernel.Outbox:{row.pk}"))

        assert "alice@" not in row.sealed
        assert held["to"] == "alice@example.org"
        assert row.subject_id == "alice"
        assert 'lang="de"' in held["html"]
