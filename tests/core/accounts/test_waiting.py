"""How long a sign-in that waits for a code is remembered."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [1, 23])
def test_the_code_page_lives_as_long_as_the_mail_says(door, bob, hours):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        door.sign_in(bob.email, PASSWORD)
        clock.shift(timedelta(hours=hours))
        door.verify(code_in(newest_to(bob.email)))
        assert door.is_signed_in()
