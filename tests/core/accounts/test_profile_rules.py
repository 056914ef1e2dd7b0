"""What the declared profile demands, it demands on every door."""

import pytest
from django.urls import reverse

from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from ciam_core.queries import profile_of, require_attributes

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(alice, core):
    core(
        PROFILE={
            "full_name": {"label": "Name", "required": "sign_up"},
            "agrees": {"label": "Agrees", "type": "boolean", "required": "sign_up"},
            "leaflets": {"label": "Leaflets", "type": "boolean", "required": "asked"},
            "tier": {"label": "Tier", "write": ["staff"]},
            "nickname": {"label": "Nickname"},
        }
    )
    edit_profile(alice, {"full_name": "Alice", "agrees": True, "nickname": "Al"}, editor="customer", origin=SYSTEM)
    return alice


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_sign_up_requires_is_not_forgotten(filled, nothing):
    with pytest.raises(ProfileRefused) as refusal:
        edit_profile(filled, {"full_name": nothing}, editor="customer", origin=SYSTEM)
    assert refusal.value.problems["full_name"][0]["code"] == "required"
    assert profile_of(filled, reader="customer")["full_name"] == "Alice"


def test_what_it_does_not_require_is(filled):
    edit_profile(filled, {"nickname": None}, editor="customer", origin=SYSTEM)
    assert profile_of(filled, reader="customer")["nickname"] is None


def test_a_required_question_can_be_answered_with_no_on_a_page(client, filled):
    client.force_login(filled)
    page = client.get(reverse("ciam_edit_attribute", args=["agrees"]))
    assert '<option value="True" selected>' in page.content.decode()

    assert client.post(reverse("ciam_edit_attribute", args=["agrees"]), {"agrees": "False"}).status_code == 302
    assert profile_of(filled, reader="customer")["agrees"] is False


def test_an_asked_question_can_be_answered_with_no(client, filled):
    client.force_login(filled)
    where = reverse("ciam_complete_profile") + "?attributes=leaflets"
    assert client.post(where, {}).status_code == 422
    assert client.post(where, {"leaflets": "False"}).status_code == 302
    require_attributes(filled, "leaflets")


@pytest.mark.parametrize("name", ["tier", "tyer"])
def test_asking_for_what_no_customer_can_give_is_a_programming_error(filled, name):
    with pytest.raises(KeyError, match=name):
        require_attributes(filled, name)
