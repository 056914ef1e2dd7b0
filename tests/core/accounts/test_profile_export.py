import pytest

from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.personal_data import erase_personal_data, export_personal_data

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(alice, core):
    core(
        PROFILE={
            "birth_date": {"label": "Birthday", "type": "date", "encrypted": True},
            "tier": {"label": "Tier", "personal": False},
        }
    )
    edit_profile(alice, {"birth_date": "1990-04-23", "tier": "gold"}, editor="customer", origin=SYSTEM)
    return alice


def test_what_is_sealed_is_handed_out_opened_and_what_is_not_personal_is_not(filled):
    exported = export_personal_data(str(filled.pk))
    assert exported["ciam_core.ProfileValue"] == [{"attribute": "birth_date", "value": "1990-04-23"}]


def test_erasing_leaves_no_value_behind(filled):
    erase_personal_data(str(filled.pk))
    exported = export_personal_data(str(filled.pk))
    trail = exported.pop("ciam_core.AuditEvent")
    assert exported == {"ciam_core.User": [{"email": None}]}
    assert [set(row) for row in trail] == [{"name", "occurred_at"}]  # kept, and nothing in it can be read
