"""A whole life of an account: taken over, taken back, left, come back to, erased; and the trail that tells it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ciam_core.accounts.queries import addresses_of, person_at
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.flows import erase_due
from ciam_core.kernel.models import PersonKey
from ciam_core.models import Device, Erasure, Session
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to
from tests.core.audit.trail import tamper
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

HERS, THEIRS = "alice@example.org", "mallory@example.net"
STOLEN, NEW = "an evil plan for the summer", "three ducks on a wooden pier"
TOLD = [
    "session.signed_in", "password.set", "address.added", "address.primary_changed", "account.locked_down",
    "password.voided", "account.deactivated", "account.reactivated", "account.deletion_scheduled",
    "account.deletion_cancelled", "account.erased",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_network(settings, time_machine):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None}
    time_machine.move_to(timezone.now())


@pytest.fixture(params=[Pages, App], ids=lambda kind: kind.__name__)
def hers(request):
    """Where alice is: at the pages, or in the app."""
    return request.param()


def is_out(door):
    """An app forgets a token that has died."""
    out = not door.is_signed_in()
    if isinstance(door, App):
        door.token = None
    return out


def come_back(door):
    return door.call("post", "auth/come-back") if isinstance(door, Browser) else door.go("ciam_come_back")


def leave(door, how):
    if not isinstance(door, Browser):
        return door.go({"deactivation": "ciam_deactivate", "deletion": "ciam_schedule_deletion"}[how])
    return door.post(f"/api/ciam/v1/account/{how}/", {}, content_type="application/json")


def take_over(thief):
    """The thief knows the password: a new one, and an address of theirs in front."""
    thief.sign_in(HERS, PASSWORD)
    thief.change_password(PASSWORD, STOLEN)
    thief.add_address(THEIRS)
    thief.confirm_address(code_in(newest_to(THEIRS)))
    thief.make_primary(addresses_of(person_at(HERS)).get(email=THEIRS))


def live(door, thief, time_machine):
    """All of it, and who she was."""
    alice = PersonFactory(email=HERS)
    door.sign_in(HERS, PASSWORD)
    take_over(thief)
    (alarm,) = [mail for mail in mails_to(HERS) if "new device" in mail.subject.lower()]
    assert person_at(HERS).email == THEIRS

    Pages().use_link(link_in(alarm))
    assert is_out(thief) and is_out(door)
    assert not Session.objects.filter(user=alice).exists() and not Device.objects.filter(user=alice).exists()
    assert [row.email for row in addresses_of(alice)] == [HERS]
    thief.sign_in(HERS, STOLEN)
    assert not thief.is_signed_in()

    door.ask_for_recovery(HERS)
    door.recover(code_in(newest_to(HERS)), NEW)
    assert door.is_signed_in()

    leave(door, "deactivation")
    assert is_out(door)
    door.sign_in(HERS, NEW)
    assert not door.is_signed_in()
    come_back(door)
    assert door.is_signed_in()

    leave(door, "deletion")
    assert is_out(door)
    Pages().use_link(link_in(newest_to(HERS)))
    door.sign_in(HERS, NEW)
    assert door.is_signed_in()

    leave(door, "deletion")
    time_machine.shift(timedelta(days=30))
    erase_due()
    time_machine.shift(timedelta(minutes=6))
    assert erase_due() == 1
    return alice


def test_it_is_lived_to_the_end(hers, time_machine):
    alice = live(hers, Pages(), time_machine)
    alice.refresh_from_db()
    assert (alice.state, alice.email, alice.has_usable_password()) == ("erased", None, False)
    assert Erasure.objects.get().finished_at
    assert not PersonKey.objects.filter(pk=str(alice.pk)).exists()
    hers.sign_in(HERS, NEW)
    assert not hers.is_signed_in()


def test_its_trail_tells_all_of_it_and_holds(hers, time_machine):
    alice = live(hers, Pages(), time_machine)
    names = set(AuditEvent.objects.filter(subject_id=str(alice.pk)).values_list("name", flat=True))
    assert set(TOLD) <= names
    sequence()
    make_checkpoint()
    assert verify().events == AuditEvent.objects.count()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE ciam_core_auditevent SET name = 'session.signed_out' WHERE name = 'account.locked_down'",
        "DELETE FROM ciam_core_auditevent WHERE name = 'account.deactivated'",
        "UPDATE ciam_core_auditevent SET subject_id = NULL WHERE name = 'account.erased'",
    ],
)
def test_its_trail_does_not_hold_after_an_edit(edit, time_machine):
    live(Pages(), Pages(), time_machine)
    sequence()
    make_checkpoint()
    tamper(edit)
    with pytest.raises(TrailBroken):
        verify()
