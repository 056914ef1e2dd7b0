"""Every page of the admin, for everybody who might come: a stranger signs in, who may not is refused (8.4.2, AZ4)."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from ciam_admin import exceptions
from ciam_admin.console.core.actions import person_actions
from ciam_core.models import AuditEvent
from tests.admin.console.conftest import grant, page, trail
from tests.core.audit.trail import happen
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


OURS = {get_user_model(), AuditEvent}


@pytest.fixture
def urls(alice):
    """Name and address of each page of the console, and of the admin's own pages of the same models."""
    event = happen(str(alice.pk))
    found = {}
    for model in OURS:
        for pattern in admin.site._registry[model].urls:
            if pattern.name:
                found[pattern.name] = address(pattern, alice.pk if model is not AuditEvent else event.id)
    return found


def address(pattern, pk):
    kinds = pattern.pattern.converters
    filled = {name: {"name": "start_recovery"}.get(name, str(pk)) for name in kinds}
    return reverse(f"admin:{pattern.name}", kwargs=filled)


def test_it_walks_every_page(urls):
    names = {re.sub("^ciam_core_(user|auditevent)_", "", name) for name in urls}
    lists = {"sessions", "reveal_sessions", "end_session", "devices", "reveal_devices", "forget_device"}
    assert names == {"changelist", "add", "history", "delete", "change", "reveal", "act", "export"} | lists


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_asked_to_sign_in(urls, method):
    answers = {name: getattr(Client(), method)(url) for name, url in urls.items()}
    assert {
        name for name, answer in answers.items() if answer.status_code != 302 or "/login/" not in answer.url
    } == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_customer_is_too(urls, as_, alice, method):
    answers = {name: getattr(as_(alice), method)(url) for name, url in urls.items()}
    assert {
        name for name, answer in answers.items() if answer.status_code != 302 or "/login/" not in answer.url
    } == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_permissions_are_refused_everywhere(urls, as_, nora, method):
    client = as_(nora)
    answers = {name: getattr(client, method)(url).status_code for name, url in urls.items()}
    led_on = {name for name in urls if name.endswith("_history")}  # to the trail, which refuses
    assert {name for name, status in answers.items() if status != 403} == led_on
    for name in led_on:
        assert client.get(urls[name], follow=True).status_code == 403


def test_who_may_only_view_sees_lists_and_pages_and_changes_nothing(urls, as_, vera):
    client = as_(vera)
    seen = {name for name, url in urls.items() if client.get(url, follow=True).status_code == 200}
    assert {name.rpartition("_")[2] for name in seen} == {"changelist", "change", "history", "sessions", "devices"}
    assert not {name for name in seen if "reveal" in name}
    done = {name for name, url in urls.items() if client.post(url, {"format": "csv"}).status_code != 403}
    only_read = {"changelist", "history", "sessions", "devices"}
    assert {name.rpartition("_")[2] for name in done} <= only_read and not {name for name in done if "reveal" in name}


def test_a_permission_for_an_action_is_no_permission_to_see_people(as_, nora, alice):
    grant(nora, "start_recovery", "view_personal_data", "export_trail")
    for url in (page("act", alice.pk, "start_recovery"), page("reveal", alice.pk), trail("export")):
        assert as_(nora).post(url, {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("action", list(person_actions), ids=lambda own: own.name)
def test_each_action_has_a_permission_of_its_own(as_, helen, vera, alice, action):
    url = page("act", alice.pk, action.name)
    assert as_(vera).post(url).status_code == 403
    assert as_(helen).get(url).status_code == 200


def test_nobody_acts_on_themselves(as_, helen, root):
    for staff in (helen, root):
        for url in (page("reveal", staff.pk), page("act", staff.pk, "start_recovery")):
            answer = as_(staff).post(url, {"reason": "fraud"})
            assert (answer.status_code, str(exceptions.OwnAccount.message) in answer.content.decode()) == (403, True)
    as_(root).post(page("change", root.pk), {"is_staff": "", "_save": "Save"})
    root.refresh_from_db()
    assert root.is_staff and root.is_superuser


def test_only_a_superuser_acts_on_a_superuser(as_, helen, root):
    other = PersonFactory(is_staff=True, is_superuser=True)
    for url in (page("reveal", other.pk), page("act", other.pk, "start_recovery")):
        assert as_(helen).get(url).status_code == 403
        assert as_(root).get(url).status_code == 200


def test_an_action_whose_flow_does_not_exist_is_not_there(as_, root, alice):
    assert as_(root).get(page("act", alice.pk, "erase")).status_code == 404


def test_nobody_is_found_who_is_not_there(as_, root, alice):
    missing = alice.pk
    alice.delete()
    gone = [page(name, missing) for name in ("reveal", "sessions", "devices", "reveal_sessions", "reveal_devices")]
    gone += [page(name, missing, missing) for name in ("end_session", "forget_device")]
    for url in (*gone, page("act", missing, "start_recovery")):
        assert as_(root).get(url).status_code == 404
