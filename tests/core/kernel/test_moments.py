from datetime import timedelta

import pytest
from django.utils import timezone, translation

from ciam_core.kernel.moments import ago


@pytest.mark.parametrize(
    ("before", "english", "german"),
    [
        (timedelta(seconds=59), "just now", "gerade eben"),
        (timedelta(minutes=1), "1 minute ago", "vor 1 Minute"),
        (timedelta(hours=2), "2 hours ago", "vor 2 Stunden"),
        (timedelta(days=29), "29 days ago", "vor 29 Tagen"),
        (timedelta(days=40), "March 22, 2026", "22. März 2026"),
    ],
)
def test_it_is_said_as_people_say_it(before, english, german, time_machine):
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)
    assert ago(timezone.now() - before) == english
    with translation.override("de"):
        assert ago(timezone.now() - before) == german
