"""Whoever owns the database can do anything, but not unseen: each is found, and the first row is named (AU1, AU4)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ciam_core.audit import guards, signing
from ciam_core.audit.checkpoints import as_told, make_checkpoint
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.models import AuditCheckpoint, AuditEvent, AuditSequence
from ciam_core.audit.retention import retire
from ciam_core.audit.sealing import opened
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.kernel.secrets import destroy_person_key
from tests.core.audit.trail import (
    CHECKPOINT,
    EVENT,
    SEQUENCE,
    broken,
    happen,
    key,
    leaf_in_table,
    native,
    of,
    sign_anew,
    tamper,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(db):
    """Ten events, signed at four, eight and ten; what a sink was told of it."""
    for count in (4, 4, 2):
        for n in range(count):
            happen(f"person-{n}")
        sequence()
        make_checkpoint()
    return [as_told(own) for own in AuditCheckpoint.objects.order_by("number")]


def test_a_trail_nobody_touched_holds(trail):
    held = verify(trail)
    assert (held.events, held.signed, held.checkpoints, held.forgotten) == (10, 10, 3, 0)


def test_events_after_the_last_checkpoint_are_compared_with_their_leaves(trail):
    happen("late")
    sequence()
    assert verify(trail).events == 11
    tamper(f"UPDATE {EVENT} SET name = 'other' WHERE subject_id = 'late'")
    assert broken() == "event 11"


@pytest.mark.parametrize("column", ["name", "subject_id", "actor_id", "channel", "sealed"])
def test_an_edited_row(trail, column):
    tamper(f"UPDATE {EVENT} SET {column} = 'other' WHERE id = %s", key(of(5)))
    assert broken() == "event 5"


def test_an_edited_time(trail):
    tamper(f"UPDATE {EVENT} SET occurred_at = %s WHERE id = %s", timezone.now(), key(of(5)))
    assert broken() == "event 5"


def test_an_edited_row_whose_leaf_was_made_to_fit(trail):
    tamper(f"UPDATE {EVENT} SET name = 'other' WHERE id = %s", key(of(6)))
    tamper(f"UPDATE {SEQUENCE} SET leaf = %s WHERE number = 6", leaf_in_table(of(6)))
    assert broken() == "event 5 or one after it up to 8"


def test_a_deleted_row(trail):
    tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(3)))
    assert broken() == "event 3"


def test_a_row_deleted_with_its_number(trail):
    row = of(3)
    tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(row))
    tamper(f"DELETE FROM {SEQUENCE} WHERE number = 3")
    assert broken() == "event 3"


def test_a_row_deleted_and_the_rest_moved_up(trail):
    tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(3)))
    tamper(f"DELETE FROM {SEQUENCE} WHERE number = 3")
    for number in range(4, 11):
        tamper(f"UPDATE {SEQUENCE} SET number = number - 1 WHERE number = {number}")
    assert broken() == "event 1 or one after it up to 4"


def test_two_rows_in_the_other_order(trail):
    second, third = of(2), of(3)
    tamper(f"DELETE FROM {SEQUENCE} WHERE number IN (2, 3)")
    AuditSequence.objects.create(number=2, event_id=third.event_id, leaf=third.leaf)
    AuditSequence.objects.create(number=3, event_id=second.event_id, leaf=second.leaf)
    assert broken() == "event 1 or one after it up to 4"


def test_two_rows_that_changed_ids(trail):
    second, third = of(2), of(3)
    for row, number in ((second, 3), (third, 2)):
        tamper(f"UPDATE {SEQUENCE} SET number = %s WHERE number = %s", number + 100, row.number)
    for number in (2, 3):
        tamper(
            f"UPDATE {SEQUENCE} SET number = %s, leaf = %s WHERE number = %s",
            number,
            of(number + 100).leaf,
            number + 100,
        )
    assert broken() == "event 1 or one after it up to 4"


def test_a_row_put_in_between(trail):
    forged = happen("forged")
    for number in range(10, 4, -1):
        tamper(f"UPDATE {SEQUENCE} SET number = number + 1 WHERE number = {number}")
    AuditSequence.objects.create(number=5, event_id=forged.id, leaf=leaf_in_table(event_id=forged.id))
    assert broken() == "event 5 or one after it up to 8"


def test_a_row_that_is_there_twice(trail):
    """Its copy needs an id of its own, and what is sealed does not open under it."""
    copy = happen("copy")
    original = AuditEvent.objects.get(id=of(4).event_id)
    tamper(
        f"UPDATE {EVENT} SET name = %s, subject_id = %s, sealed = %s WHERE id = %s",
        original.name, original.subject_id, original.sealed, copy.id if native() else copy.id.hex,
    )  # fmt: skip
    assert [told for _, told in opened(AuditEvent.objects.filter(id=copy.id))] == [None]


def test_a_tail_that_is_gone(trail):
    tamper(f"DELETE FROM {SEQUENCE} WHERE number > 8")
    assert broken() in ("event 9", f"event {AuditEvent.objects.order_by('id')[8].id}")


def test_a_tail_that_is_gone_with_its_events(trail):
    for number in (9, 10):
        tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(number)))
    tamper(f"DELETE FROM {SEQUENCE} WHERE number > 8")
    assert broken() == "event 9"


def test_a_tail_that_is_gone_with_its_checkpoint_is_known_to_the_sink(trail):
    for number in (9, 10):
        tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(number)))
    tamper(f"DELETE FROM {SEQUENCE} WHERE number > 8")
    tamper(f"DELETE FROM {CHECKPOINT} WHERE number = 3")
    assert verify().events == 8
    assert broken(trail) == "checkpoint 3"


def test_a_trail_written_anew_with_the_key_is_known_to_the_sink(trail):
    tamper(f"UPDATE {EVENT} SET name = 'other' WHERE id = %s", key(of(6)))
    tamper(f"UPDATE {SEQUENCE} SET leaf = %s WHERE number = 6", leaf_in_table(of(6)))
    sign_anew(2, 3)
    assert verify().events == 10
    assert broken(trail) == "checkpoint 2"


@pytest.mark.parametrize("column", ["root", "previous", "origin", "signature", "size", "made_at"])
def test_an_edited_checkpoint(trail, column):
    value = {"size": 7, "made_at": timezone.now(), "origin": "https://other.example"}.get(column, "00" * 32)
    tamper(f"UPDATE {CHECKPOINT} SET {column} = %s WHERE number = 2", value)
    assert broken() == "checkpoint 2"


def test_a_checkpoint_that_is_gone(trail):
    tamper(f"DELETE FROM {CHECKPOINT} WHERE number = 2")
    assert broken() == "checkpoint 2"


def test_a_checkpoint_signed_by_somebody_else(trail, settings):
    ours = settings.CIAM_CORE
    settings.CIAM_CORE = {**ours, "AUDIT_SIGNING_KEY": "A" * 43 + "="}
    sign_anew(3)
    settings.CIAM_CORE = ours
    assert broken() == "checkpoint 3"


def test_nothing_is_signed_on_top_of_what_does_not_hold(trail):
    tamper(f"UPDATE {CHECKPOINT} SET peaks = root WHERE number = 3")
    happen("later")
    sequence()
    with pytest.raises((TrailBroken, ValueError)):
        make_checkpoint()
    assert AuditCheckpoint.objects.count() == 3


def test_a_former_key_is_trusted_when_it_is_named(trail, settings):
    former = signing.public_key()
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "KEYS": {"2027": "B" * 43 + "="}}
    assert broken() == "checkpoint 1"
    settings.CIAM_CORE = {**settings.CIAM_CORE, "AUDIT_PUBLIC_KEYS": (former,)}
    happen("later")
    sequence()
    assert make_checkpoint().public_key != former
    assert verify(trail).checkpoints == 4


def test_the_trail_holds_when_a_persons_key_is_destroyed(trail):
    """AU4."""
    destroy_person_key("person-1")
    assert verify(trail).events == 10
    assert [told for _, told in opened(AuditEvent.objects.filter(subject_id="person-1"))] == [None] * 3


@pytest.mark.postgresql
def test_a_row_put_in_past_the_sequencer(trail):
    happen("forged")
    tamper(f'UPDATE {EVENT} SET "transaction" = NULL WHERE subject_id = %s', "forged")
    assert broken() == f"event {AuditEvent.objects.get(subject_id='forged').id}"


def test_what_is_past_retention_may_be_gone_and_nothing_else(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "AUDIT_RETENTION": timedelta(days=60)}
    for at in ("2026-01-05T00:00:00Z", "2026-06-05T00:00:00Z"):
        with time_machine.travel(at):
            happen("alice")
            happen("bob")
            sequence()
            make_checkpoint()
    with time_machine.travel("2026-06-10T00:00:00Z"):
        retire()
        assert AuditEvent.objects.count() == 2
        assert (verify().events, verify().forgotten) == (4, 2)
        tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(3)))
        assert broken() == "event 3"
    assert guards.missing(connection) == []


def test_what_no_checkpoint_stands_for_is_never_let_go(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "AUDIT_RETENTION": timedelta(days=60)}
    with time_machine.travel("2026-01-05T00:00:00Z"):
        happen("alice")
        sequence()
    with time_machine.travel("2026-06-10T00:00:00Z"):
        retire()
        assert AuditEvent.objects.count() == 1


def test_the_command_says_whether_it_holds(trail, tmp_path):
    told = tmp_path / "sink.jsonl"
    told.write_text("".join(f"INFO checkpoint {json.dumps(line)}\n" for line in trail))
    out = StringIO()
    call_command("ciam_audit", "verify", "--against", str(told), stdout=out)
    assert "10 events hold" in out.getvalue()
    tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(3)))
    with pytest.raises(CommandError, match="event 3: its row is gone") as refused:
        call_command("ciam_audit", "verify")
    assert refused.value.returncode == 1
