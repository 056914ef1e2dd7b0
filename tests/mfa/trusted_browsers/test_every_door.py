"""A browser that is trusted is spared at every door with a first factor, and at no other."""

import pytest

from ciam_core.kernel.assurance import Level, level_of
from ciam_core.models import Session
from tests.core.federation.conftest import _hostile, provider  # noqa: F401  # fixtures
from tests.mfa.challenge import ways
from tests.mfa.challenge.test_every_door import DOORS, world  # noqa: F401  # a fixture
from tests.mfa.trusted_browsers.trusting import trusting

pytestmark = pytest.mark.django_db

ASKED = {ways.recovery_code, ways.recovery_link, ways.come_back, ways.admin}
"""Another password, an account that was left, staff."""
SPARED = [name for name, (_, through) in DOORS.items() if through not in ASKED]


@pytest.mark.parametrize("name", SPARED)
def test_the_first_factor_is_enough_and_gives_no_more_than_it_does(name, world, phone, alice, noon):  # noqa: F811
    kind, through = DOORS[name]
    door = trusting(kind(), alice, phone, noon)
    through(door, world)
    assert door.is_signed_in()
    assert level_of(ways.session_in(door), str(alice.pk)) is Level.AAL1
    assert Session.objects.exclude(user=None).get().level == Level.AAL1


@pytest.mark.parametrize("name", [name for name in DOORS if name not in SPARED])
def test_it_is_not_after_a_recovery_nor_for_the_admin(name, world, phone, alice, noon):  # noqa: F811
    kind, through = DOORS[name]
    door = trusting(kind(), alice, phone, noon)
    through(door, world)
    assert not door.is_signed_in()
    assert ways.answer(door, f"totp-{phone.pk}", "000000").status_code == 400
