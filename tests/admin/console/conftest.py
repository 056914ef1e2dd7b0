"""Alice is a customer; root is a superuser, helen helps (some permissions), vera views, nora has none."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from ciam_core.kernel.events import event_recorded
from tests.factories import PersonFactory


@pytest.fixture
def alice(db):
    return PersonFactory(email="alice@example.org")


@pytest.fixture
def root(db):
    return PersonFactory(email="root@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def vera(db):
    return member("vera@example.org", "view_user", "view_auditevent")


@pytest.fixture
def nora(db):
    return member("nora@example.org")


@pytest.fixture
def helen(db):
    return member(
        "helen@example.org",
        "view_user",
        "view_auditevent",
        "view_personal_data",
        "suspend_person",
        "end_sessions",
        "forget_devices",
        "start_recovery",
        "send_verification",
        "reset_factors",
        "export_trail",
    )


@pytest.fixture
def recorded():
    """``recorded(RightsChanged)``: the events of that class, as the trail gets them."""
    seen = []

    def note(event, **_):
        seen.append(event)

    event_recorded.connect(note)
    yield lambda kind: [event for event in seen if type(event) is kind]
    event_recorded.disconnect(note)


def member(email, *permissions):
    person = PersonFactory(email=email, is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    assert person.user_permissions.count() == len(permissions)
    return person


def grant(person, *permissions):
    person.user_permissions.add(*Permission.objects.filter(codename__in=permissions))


@pytest.fixture
def as_():
    """A browser in which somebody is signed in: ``as_(helen).get(…)``."""

    def signed_in(person):
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def found(client, text):
    return shown(client.get(page("changelist"), {"q": text}))


def page(name, *args):
    return reverse(f"admin:ciam_core_user_{name}", args=args)


def trail(name, *args):
    return reverse(f"admin:ciam_core_auditevent_{name}", args=args)


def shown(response):
    """Ids of who or what a list shows."""
    return [row.pk for row in response.context["cl"].result_list]
