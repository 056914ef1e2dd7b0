"""Alice's password is known from a breach: she replaces it first, by whichever door she came."""

from base64 import b64encode

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import include, path, reverse
from django.utils import timezone
from rest_framework.authentication import BasicAuthentication
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.response import Response

from ciam_core.kernel import required_actions
from ciam_core.kernel.api import NothingLeftToDo
from ciam_core.kernel.required_actions import ActionRequired, actions, reopen, require_none_open, while_pending
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
REST = ["profile/", "addresses/"]


@api_view(["GET"])
@authentication_classes([BasicAuthentication])
@permission_classes([NothingLeftToDo])
def orders(request):
    return Response({"orders": []})


urlpatterns = [
    path("", include("ciam_core.urls")),
    path("home/", lambda request: HttpResponse("home")),
    path("basket/", lambda request: JsonResponse({"items": []})),
    path("help/", while_pending(lambda request: HttpResponse("help"))),
    path("orders/", orders),
]


@pytest.fixture(autouse=True)
def _host(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def alice():
    return PersonFactory(email="alice@example.org", password_breached_at=timezone.now())


@pytest.fixture(params=[Browser, App])
def client_of_alice(request, alice):
    door = request.param()
    door.sign_in(alice.email, PASSWORD)
    return door


class AcceptTerms:
    name = "accept_terms"
    url_name = "ciam_sign_out"
    open = True

    def is_open(self, user):
        return self.open


@pytest.fixture
def host_action():
    action = AcceptTerms()
    yield action
    if action.name in actions:
        actions.remove(action.name)


@pytest.fixture
def request_of(client):
    def make(person):
        request = RequestFactory().get("/")
        request.user, request.session = person, client.session
        return request

    return make


def test_a_page_leads_to_the_action_and_back(alice):
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    answer = pages.get("/home/?page=2")
    assert answer.url == f"{reverse('ciam_change_password')}?next=%2Fhome%2F%3Fpage%3D2"
    assert pages.post("/home/").url == reverse("ciam_change_password")
    assert pages.get("/help/").status_code == 200


@pytest.mark.parametrize("where", REST)
def test_rest_names_the_action(where, client_of_alice):
    answer = client_of_alice.get(f"/api/ciam/v1/{where}")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert (answer.json()["code"], answer.json()["action"]) == ("required_action", "replace_password")


def test_allauths_protocol_names_the_action(client_of_alice):
    answer = client_of_alice.call("get", "account/email")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "required_action"
    assert answer.json()["data"] == {"action": "replace_password"}


def test_signing_out_and_confirming_who_one_is_work_meanwhile(client_of_alice):
    assert client_of_alice.call("get", "auth/session").status_code == 200
    assert client_of_alice.call("post", "auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    client_of_alice.sign_out()
    assert not client_of_alice.is_signed_in()


@pytest.mark.parametrize("door", [Browser, App])
def test_a_new_address_waits_too(door, host_action):
    program, alice = door(), PersonFactory()
    program.sign_in(alice.email, PASSWORD)
    program.add_address("new@example.org")
    actions.add(host_action.name, host_action)
    answer = program.verify(code_in(newest_to("new@example.org")))
    assert answer.json()["errors"][0]["code"] == "required_action"
    assert not alice.emailaddress_set.filter(email="new@example.org", verified=True)


def test_doing_it_ends_the_wait(client_of_alice):
    assert client_of_alice.change_password(PASSWORD, NEW).status_code == 200
    assert client_of_alice.get("/api/ciam/v1/profile/").status_code == 200


@pytest.mark.parametrize("where", ["/api/ciam/v1/", "/api/ciam/v1/schema/", "/_allauth/openapi.json"])
def test_what_describes_the_api_is_open_meanwhile(where, alice):
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    assert pages.get(where).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Accept": "application/json"}, {"Sec-Fetch-Dest": "empty"}, {"Content-Type": "application/json"}]
)
def test_a_hosts_json_view_is_answered_in_json(headers, alice):
    browser = Browser()
    browser.sign_in(alice.email, PASSWORD)
    answer = browser.get("/basket/", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert (answer.json()["code"], answer.json()["action"]) == ("required_action", "replace_password")
    assert "no-store" in answer["Cache-Control"]


def test_a_hosts_endpoint_with_another_authentication_asks_too(alice, client):
    credentials = b64encode(f"{alice.email}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    answer = client.get("/orders/", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "required_action")
    assert answer.json()["action"] == "replace_password"
    type(alice).objects.update(password_breached_at=None)
    assert client.get("/orders/", headers=headers).json() == {"orders": []}
    assert not client.session.items()


def test_a_stranger_costs_no_query_and_no_variation(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/home/")
    assert "Cookie" not in answer.get("Vary", "")


def test_who_was_cleared_costs_the_session_alone(django_assert_num_queries):
    pages = Pages()
    pages.sign_in(PersonFactory().email, PASSWORD)
    pages.get("/home/")
    with django_assert_num_queries(1):
        pages.get("/home/")


def test_a_new_kind_of_action_has_every_session_asked_again(host_action):
    pages = Pages()
    pages.sign_in(PersonFactory().email, PASSWORD)
    assert pages.get("/home/").status_code == 200
    actions.add(host_action.name, host_action)
    assert pages.get("/home/").url.startswith(reverse("ciam_sign_out"))


def test_nothing_is_asked_again_until_it_is_reopened(request_of, host_action):
    request = request_of(PersonFactory())
    actions.add(host_action.name, host_action)
    host_action.open = False
    require_none_open(request)
    host_action.open = True
    require_none_open(request)
    reopen(request)
    with pytest.raises(ActionRequired) as refusal:
        require_none_open(request)
    assert refusal.value.details == {"action": "accept_terms"}


def test_the_actions_are_asked_in_their_order(host_action, alice):
    actions.add(host_action.name, host_action)
    assert required_actions.open_action(alice).name == "replace_password"
    assert required_actions.open_action(PersonFactory()).name == "accept_terms"


def test_the_pages_are_told_lists_as_words():
    refusal = ActionRequired(actions["complete_profile"], attributes=["street", "city"], reason="delivery")
    assert refusal.hints() == {"attributes": "street,city"}
