"""Staff start what a flow backs; the person gets the mail, the trail gets who it was."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from ciam_admin.console.core.actions import person_actions
from ciam_admin.events import RightsChanged
from ciam_core.accounts.queries import has_proven_address, person_at
from ciam_core.events import ProofRequested
from tests.admin.console.conftest import page
from tests.core.accounts.doors import Pages
from tests.core.accounts.mailbox import link_in, newest_to
from tests.factories import PASSWORD, AddressFactory, PersonFactory

STAFF_MACHINE = {"REMOTE_ADDR": "198.51.100.9", "headers": {"User-Agent": "StaffBrowser/1", "Accept-Language": "de"}}


@pytest.mark.django_db(transaction=True)
def test_recovery_is_mailed_to_the_person_and_shown_to_nobody_else(as_, helen, alice, recorded):
    answer = as_(helen).post(page("act", alice.pk, "start_recovery"), **STAFF_MACHINE)
    assert answer.url == page("change", alice.pk)
    (sent,) = mail.outbox
    assert sent.to == ["alice@example.org"] and "/accounts/link/" in sent.body
    assert "198.51.100.9" not in sent.body and "StaffBrowser" not in sent.body
    (event,) = recorded(ProofRequested)
    told = event.subject_id, event.actor_id, event.purpose, str(event.origin.channel)
    assert told == (str(alice.pk), str(helen.pk), "recover", "admin")


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_not_confirmed_gets_its_mail_again(as_, helen, recorded):
    bob = PersonFactory(email="bob@example.org", unproven=True)
    as_(helen).post(page("act", bob.pk, "send_verification"), **STAFF_MACHINE)
    (sent,) = mail.outbox
    assert sent.to == ["bob@example.org"] and "198.51.100.9" not in sent.body
    assert [event.actor_id for event in recorded(ProofRequested)] == [str(helen.pk)]


@pytest.mark.django_db(transaction=True)
def test_staff_who_are_talked_into_it_confirm_no_account_for_its_opener(as_, helen):
    """LK2, RC4: the mail works in every browser, so that whoever presses need not be who chose the password."""
    mallory, owner = Pages(), Pages()
    mallory.sign_up("bob@example.org", PASSWORD)
    bob = person_at("bob@example.org")
    mail.outbox.clear()
    as_(helen).post(page("act", bob.pk, "send_verification"), **STAFF_MACHINE)
    owner.use_link(link_in(newest_to("bob@example.org")))
    assert has_proven_address(bob)
    mallory.sign_in("bob@example.org", PASSWORD)
    assert not mallory.is_signed_in()


@pytest.mark.django_db(transaction=True)
def test_nor_an_address_somebody_noted_beside_their_own(as_, helen):
    mallory = PersonFactory(email="mallory@example.org")
    AddressFactory(user=mallory, email="alice2@example.org", verified=False)
    assert "/act/send_verification/" not in as_(helen).get(page("change", mallory.pk)).content.decode()
    as_(helen).post(page("act", mallory.pk, "send_verification"))
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_for_staff_too(as_, helen, alice):
    client = as_(helen)
    for _ in range(10):
        client.post(page("act", alice.pk, "start_recovery"))
    answer = client.post(page("act", alice.pk, "start_recovery"))
    assert "Too many" in answer.content.decode()
    assert len(mail.outbox) == 10


@pytest.mark.django_db
def test_asking_does_nothing(as_, helen, alice, recorded):
    for action in person_actions:
        assert as_(helen).get(page("act", alice.pk, action.name)).status_code == 200
    assert mail.outbox == [] and recorded(ProofRequested) == []


@pytest.mark.django_db
def test_only_what_can_be_done_now_is_offered(as_, helen, alice):
    offered = as_(helen).get(page("change", alice.pk)).content.decode()
    assert "/act/start_recovery/" in offered
    assert "/act/send_verification/" not in offered and "/act/reinstate/" not in offered


@pytest.mark.django_db(transaction=True)
def test_an_account_is_suspended_and_reinstated_with_a_reason(as_, helen, alice):
    client = as_(helen)
    client.post(page("act", alice.pk, "suspend"))
    alice.refresh_from_db()
    assert alice.state == "active"
    for name, reason, state in [("suspend", "fraud", "suspended"), ("reinstate", "mistake", "active")]:
        client.post(page("act", alice.pk, name), {"reason": reason})
        alice.refresh_from_db()
        assert alice.state == state


@pytest.mark.django_db(transaction=True)
def test_staff_end_all_sessions_of_one_person(as_, helen, alice):
    """7.4.5"""
    hers = as_(alice)
    devices = reverse("ciam_devices")
    assert hers.get(devices).status_code == 200
    as_(helen).post(page("act", alice.pk, "end_sessions"))
    assert hers.get(devices).status_code == 302


@pytest.mark.django_db
def test_a_superuser_changes_rights_and_the_trail_says_whose_and_which(as_, root, alice, recorded):
    group = Group.objects.create(name="support")
    as_(root).post(page("change", alice.pk), {"is_staff": "on", "groups": [group.pk], "_save": "Save"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, list(alice.groups.all())) == (True, False, [group])
    (event,) = recorded(RightsChanged)
    assert (event.subject_id, event.actor_id, event.rights) == (str(alice.pk), str(root.pk), ("is_staff", "groups"))
    assert LogEntry.objects.get().object_repr == str(alice.pk)
    assert "example.org" not in LogEntry.objects.get().change_message


@pytest.mark.django_db
def test_who_is_no_superuser_changes_no_rights(as_, helen, alice, recorded):
    answer = as_(helen).post(page("change", alice.pk), {"is_staff": "on", "is_superuser": "on", "_save": "Save"})
    alice.refresh_from_db()
    assert (answer.status_code, alice.is_staff, alice.is_superuser) == (403, False, False)
    assert recorded(RightsChanged) == []
