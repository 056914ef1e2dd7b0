"""Moving the digests staff find people by to a new key."""

import base64

import pytest
from django.core.management import CommandError, call_command

from ciam_core.accounts.models import ProfileValue
from ciam_core.accounts.profile.rotation import refresh_indexes
from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.secrets import destroy_person_key
from ciam_core.queries import people_with

pytestmark = pytest.mark.django_db

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.fixture
def found_by_name(alice, core, settings):
    settings.CIAM_KERNEL = {"KEYS": {"old": OLD}}
    core(PROFILE={"full_name": {"label": "Name", "searchable": True, "encrypted": True}})
    edit_profile(alice, {"full_name": "Alice Moreau"}, editor="customer", origin=SYSTEM)
    settings.CIAM_KERNEL = {"KEYS": {"new": NEW, "old": OLD}}
    return alice


def test_people_are_found_once_the_old_key_is_gone(found_by_name, settings):
    result = refresh_indexes(10)
    settings.CIAM_KERNEL = {"KEYS": {"new": NEW}, "PERSON_KEYS": settings.CIAM_KERNEL.get("PERSON_KEYS", {})}
    assert (result.done, result.left) == (1, 0)
    assert list(people_with("full_name", "alice moreau")) == [found_by_name]


def test_what_cannot_be_opened_still_needs_the_old_key(found_by_name):
    destroy_person_key(str(found_by_name.pk))
    result = refresh_indexes(10)
    assert (result.done, result.left, result.unreadable) == (0, 1, [ProfileValue.objects.get().pk])


def test_the_command_says_so(found_by_name):
    destroy_person_key(str(found_by_name.pk))
    with pytest.raises(CommandError, match="1 values are still under"):
        call_command("ciam_reencrypt")
