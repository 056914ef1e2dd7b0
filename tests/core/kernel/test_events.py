"""An event stands and falls with its change; who is told afterwards can break nothing."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from ciam_core.kernel.events import Event, emit, event_committed, event_recorded
from ciam_core.kernel.models import Attempt
from ciam_core.kernel.origin import SYSTEM


@dataclass(frozen=True, kw_only=True)
class LightSwitched(Event):
    name = "light.switched"
    on: bool = True


@pytest.fixture
def heard():
    """``heard(event_committed, note)``: connected for the length of the test."""
    connected = []

    def connect(signal, receiver):
        signal.connect(receiver, sender=LightSwitched)
        connected.append((signal, receiver))

    yield connect
    for signal, receiver in connected:
        signal.disconnect(receiver, sender=LightSwitched)


def switched():
    return LightSwitched(subject_id="42", origin=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_emitted(heard):
    seen = []
    heard(event_recorded, lambda event, **_: seen.append(event))
    with pytest.raises(RuntimeError, match=r"light\.switched must be emitted"):
        emit(switched())
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_it_is_recorded_at_once_and_announced_after_the_commit(heard):
    seen = []
    heard(event_recorded, lambda event, **_: seen.append("recorded"))
    heard(event_committed, lambda event, **_: seen.append("committed"))
    with transaction.atomic():
        emit(switched())
        seen.append("still open")
    assert seen == ["recorded", "still open", "committed"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_neither_recorded_nor_announced(heard):
    seen = []
    heard(
        event_recorded,
        lambda event, **_: Attempt.objects.create(key=event.name, count=1, limit=1, expires_at=event.occurred_at),
    )
    heard(event_committed, lambda event, **_: seen.append(event))
    with transaction.atomic():
        emit(switched())
        assert Attempt.objects.exists()
        transaction.set_rollback(True)
    assert not Attempt.objects.exists()
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_who_fails_to_record_takes_the_change_back(heard):
    def fail(event, **_):
        raise OSError("disk full")

    heard(event_recorded, fail)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        emit(switched())


@pytest.mark.django_db(transaction=True)
def test_who_fails_afterwards_is_logged_and_stops_nobody(heard, caplog):
    seen = []

    def fail(event, **_):
        raise OSError("mail server down")

    heard(event_committed, fail)
    heard(event_committed, lambda event, **_: seen.append(event))
    with transaction.atomic():
        emit(switched())
    [error] = [record for record in caplog.records if record.exc_info]
    assert isinstance(error.exc_info[1], OSError)
    assert len(seen) == 1


def test_its_details_are_what_it_adds():
    event = LightSwitched(subject_id="42", origin=SYSTEM, on=False)
    assert event.details() == {"on": False}
    assert event.id != switched().id
