"""What a journey leaves behind: the trail of the person, and nothing else."""

import pytest

from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.models import AuditEvent, AuditSequence
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.kernel.models import PersonKey
from tests.core.accounts.test_erasure import left_of, rows_naming
from tests.core.audit.trail import tamper

EVENT = "ciam_core_auditevent WHERE id = (SELECT event_id FROM ciam_core_auditsequence WHERE number = %s)"
SET = "UPDATE ciam_core_auditevent SET name = %s WHERE" + EVENT.split("WHERE", 1)[1]


def assert_nothing_is_left(person, *marks):
    assert left_of(*marks) == []
    assert rows_naming(person) == {"ciam_core_user", "ciam_core_auditevent", "ciam_core_erasure"}
    assert not PersonKey.objects.filter(pk=str(person.pk)).exists()


def assert_the_trail_tells_of_any_edit(person):
    """Each row of the person's, edited, is named; put back, the trail holds; the last thing is a row that goes."""
    sequence()
    make_checkpoint()
    verify()
    hers = dict(AuditEvent.objects.filter(subject_id=str(person.pk)).values_list("id", "name"))
    numbers = dict(AuditSequence.objects.filter(event_id__in=hers).values_list("number", "event_id"))
    assert len(numbers) == len(hers) > 10
    for number, event_id in numbers.items():
        tamper(SET, "other", number)
        assert first_broken() == f"event {number}"
        tamper(SET, hers[event_id], number)
    verify()
    gone = sorted(numbers)[len(numbers) // 2]
    tamper(f"DELETE FROM {EVENT}", gone)
    assert first_broken() == f"event {gone}"


def first_broken():
    with pytest.raises(TrailBroken) as found:
        verify()
    return found.value.where
