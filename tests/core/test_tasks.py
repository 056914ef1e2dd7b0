from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ciam_core.defaults import CELERY_BEAT_SCHEDULE
from ciam_core.models import Session
from ciam_core.tasks import clear_sessions


@pytest.mark.django_db
def test_expired_sessions_are_deleted_and_others_kept(client):
    client.session.save()
    assert Session.objects.count() == 1
    clear_sessions()
    assert Session.objects.count() == 1

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        clear_sessions()
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_an_engine_that_forgets_by_itself_is_left_alone(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    clear_sessions()


def test_the_schedule_names_it():
    assert clear_sessions.name in {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()}
