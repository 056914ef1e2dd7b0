"""Somebody without an email address, customer or staff, is a person like another."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from tests.admin.console.conftest import found, member, page, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def phoebe(db):
    return get_user_model().objects.create_user(email=None)


def test_they_are_listed_found_and_shown(as_, vera, phoebe):
    client = as_(vera)
    assert phoebe.pk in shown(client.get(page("changelist")))
    assert found(client, str(phoebe.pk)) == [phoebe.pk]
    text = client.get(page("change", phoebe.pk)).content.decode()
    assert "—" in text and "None @" not in text


def test_what_needs_an_address_is_not_offered_and_sends_nothing(as_, helen, phoebe):
    client = as_(helen)
    text = client.get(page("change", phoebe.pk)).content.decode()
    for name in ("start_recovery", "send_verification"):
        assert f"/act/{name}/" not in text
        assert client.post(page("act", phoebe.pk, name)).status_code in (200, 302)
    assert mail.outbox == []


def test_the_rest_can_be_done(as_, helen, root, phoebe):
    client = as_(helen)
    assert client.post(page("reveal", phoebe.pk), {"reason": "fraud"}).status_code == 200
    for name in ("sessions", "devices", "reveal_sessions", "reveal_devices"):
        assert client.get(page(name, phoebe.pk)).status_code == 200
    for name, typed in (("end_sessions", {}), ("suspend", {"reason": "fraud"}), ("reinstate", {"reason": "mistake"})):
        assert client.post(page("act", phoebe.pk, name), typed).url == page("change", phoebe.pk)
    as_(root).post(page("change", phoebe.pk), {"is_staff": "on", "_save": "Save"})
    phoebe.refresh_from_db()
    assert (phoebe.state, phoebe.is_staff) == ("active", True)


def test_they_may_be_staff(as_, alice, phoebe):
    other = member("other@example.org", "view_user", "end_sessions")
    get_user_model().objects.filter(pk=phoebe.pk).update(is_staff=True)
    phoebe.user_permissions.set(other.user_permissions.all())
    client = as_(phoebe)
    for url in (page("changelist"), page("change", alice.pk), page("sessions", alice.pk)):
        assert client.get(url).status_code == 200
    assert client.post(page("act", alice.pk, "end_sessions")).url == page("change", alice.pk)
