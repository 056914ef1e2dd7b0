"""A flow is one block: all of it or nothing, but for the record of a refusal."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone

from ciam_core.kernel.events import Event, emit, event_committed, event_recorded
from ciam_core.kernel.exceptions import ForbiddenError
from ciam_core.kernel.flow import flow, remember, require_no_transaction
from ciam_core.kernel.models import Attempt
from ciam_core.kernel.origin import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, kw_only=True)
class DoorTried(Event):
    name = "door.tried"


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Event):
    name = "door.opened"


class Locked(ForbiddenError):
    code = "door.locked"


def let_in(who):
    Attempt.objects.create(key=who, count=1, limit=1, expires_at=timezone.now())


@flow
def open_door(who):
    let_in(who)
    emit(DoorOpened(subject_id=who, origin=SYSTEM))


@flow
def try_door(who):
    let_in(who)
    emit(DoorOpened(subject_id=who, origin=SYSTEM))
    raise Locked(record=DoorTried(subject_id=who, origin=SYSTEM))


@flow
def open_one_and_try_another():
    open_door("alice")
    try_door("bob")


@pytest.fixture
def told():
    """Names of the events of this module, in the order they were announced after their commit."""
    names = []

    def note(event, **_):
        names.append(event.name)

    event_committed.connect(note)
    yield names
    event_committed.disconnect(note)


def people():
    return set(Attempt.objects.values_list("key", flat=True))


def test_a_refusal_leaves_nothing_but_its_record(told):
    with pytest.raises(Locked):
        try_door("alice")
    assert people() == set()
    assert told == ["door.tried"]


def test_a_refusal_of_an_inner_flow_takes_the_outer_one_back_and_is_recorded_once(told):
    with pytest.raises(Locked):
        open_one_and_try_another()
    assert people() == set()
    assert told == ["door.tried"]


def test_an_error_that_is_no_refusal_takes_everything_back(told):
    @flow
    def stumble():
        open_door("alice")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert people() == set()
    assert told == []


def test_what_an_inner_flow_did_is_announced_when_the_outer_one_has_committed(told):
    @flow
    def open_two():
        open_door("alice")
        open_door("bob")
        assert told == []

    open_two()
    assert people() == {"alice", "bob"}
    assert told == ["door.opened", "door.opened"]


def test_a_receiver_may_call_a_flow_after_the_commit(told):
    def let_bob_in_too(event, **_):
        if event.subject_id == "alice":
            open_door("bob")

    event_committed.connect(let_bob_in_too, sender=DoorOpened)
    try:
        open_door("alice")
    finally:
        event_committed.disconnect(let_bob_in_too, sender=DoorOpened)
    assert people() == {"alice", "bob"}
    assert told == ["door.opened", "door.opened"]


def test_a_receiver_whose_flow_is_refused_leaves_nothing_behind(told):
    def let_bob_try(event, **_):
        if event.subject_id == "alice":
            try_door("bob")

    event_committed.connect(let_bob_try, sender=DoorOpened)
    try:
        open_door("alice")
    finally:
        event_committed.disconnect(let_bob_try, sender=DoorOpened)
    assert people() == {"alice"}
    assert sorted(told) == ["door.opened", "door.tried"]


def test_a_record_that_cannot_be_written_is_not_passed_over_in_silence():
    def fail(event, **_):
        raise OSError("disk full")

    event_recorded.connect(fail, sender=DoorTried)
    try:
        with pytest.raises(OSError, match="disk full"):
            try_door("alice")
    finally:
        event_recorded.disconnect(fail, sender=DoorTried)


def test_a_refusal_is_remembered_once(told):
    refusal = Locked(record=DoorTried(subject_id="alice", origin=SYSTEM))
    remember(refusal)
    remember(refusal)
    assert told == ["door.tried"]


def test_nothing_slow_starts_while_rows_are_locked():
    require_no_transaction("Hashing")
    with transaction.atomic(), pytest.raises(RuntimeError, match="Hashing must not run"):
        require_no_transaction("Hashing")
