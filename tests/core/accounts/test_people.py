"""The person as Django's own forms and commands see it."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.forms import modelform_factory

from ciam_core.accounts.queries import person_at
from ciam_core.kernel.personal_data import erase_personal_data

LOOKALIKE = "alice@eхample.org"  # an х of Cyrillic


def test_a_host_s_form_says_what_is_wrong_with_an_address(db):
    form = modelform_factory(get_user_model(), fields=["email"])({"email": LOOKALIKE})
    assert form.errors.as_data()["email"][0].code == "address.lookalike"


def test_nobody_has_an_address_that_is_none(db):
    with pytest.raises(get_user_model().DoesNotExist):
        get_user_model().objects.get_by_natural_key(LOOKALIKE)


def test_createsuperuser_says_what_is_wrong(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a quiet morning by the sea")
    with pytest.raises(CommandError, match="plain letters"):
        call_command("createsuperuser", email=LOOKALIKE, interactive=False)
    with pytest.raises(ValidationError):
        get_user_model().objects.create_superuser(LOOKALIKE)


@pytest.mark.django_db(transaction=True)
def test_erasure_keeps_the_primary_key_and_nothing_else(alice):
    alice.groups.add(Group.objects.create(name="gold"))
    joined = alice.date_joined
    erase_personal_data(str(alice.pk))

    alice.refresh_from_db()
    assert (alice.state, alice.is_active, alice.email) == ("erased", False, None)
    assert alice.groups.count() == 0
    assert alice.password_checked_at is None
    assert alice.date_joined.year == 1970 != joined.year


def test_whoever_is_found_by_a_claimed_address_is_not_taken_for_its_owner(alice, bob):
    assert person_at(alice.email).by_proven_contact
    assert not person_at(bob.email).by_proven_contact
    assert person_at("nobody@example.org") is None
