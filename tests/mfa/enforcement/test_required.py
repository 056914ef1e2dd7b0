"""Staff, a group or whom the host's rule names must have a second factor: by when, and what is held up until then."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from ciam_core.kernel.required_actions import actions
from ciam_mfa.adapters import MfaAdapter
from ciam_mfa.checks import check_adapter, check_rules
from ciam_mfa.events import FactorDemanded
from ciam_mfa.models import FactorDemand, TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.test_required_actions import MAY_BE_REACHED
from tests.core.accounts.urls_known import places
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_recovery_codes, with_totp

ENROLLING = {
    "/accounts/factors/",
    "/accounts/factors/app/add/",
    "/accounts/factors/app/confirm/",
    "/accounts/factors/number/add/",
    "/accounts/factors/number/confirm/",
    "/accounts/factors/number/resend/",
    "/accounts/factors/passkey/add/",
}
ENROLLING_BY_JSON = {
    "/api/ciam/v1/factors/",
    "/api/ciam/v1/factors/passkey/",
    "/api/ciam/v1/factors/passkey/confirm/",
    "/api/ciam/v1/factors/totp/",
    "/api/ciam/v1/factors/totp/confirm/",
    "/api/ciam/v1/factors/text-message/",
    "/api/ciam/v1/factors/text-message/confirm/",
}
DESCRIBES_THE_API = {"/api/ciam/v1/", "/api/ciam/v1/schema/", "/api/ciam/v1/profile/schema/"}
OPEN_LINKS = ("/accounts/link/", "/accounts/password/reset/")


@pytest.fixture
def alice(db):
    return PersonFactory(email=HERS, is_staff=True, is_superuser=True)


@pytest.fixture
def at_once(mfa, alice):
    mfa(REQUIRED_FOR_STAFF=True, REQUIRED_WITHIN=timedelta(0))
    return alice


@pytest.fixture
def inside(at_once):
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    return pages


@pytest.fixture(params=[Browser, App])
def program(request, at_once):
    client = request.param()
    client.sign_in(HERS, PASSWORD)
    return client


def is_led_to_enrol(response):
    return response.status_code == 302 and response.url.split("?")[0] == reverse("ciam_factors")


def may_be_reached(path):
    return path in MAY_BE_REACHED | ENROLLING or path.startswith(OPEN_LINKS)


# What a session that waits for its factor reaches.


@pytest.mark.parametrize("place", places(under="accounts/"), ids=lambda place: place.path)
def test_every_page_leads_to_enrolment(place, inside):
    for response in (inside.get(place.path), inside.post(place.path)):
        if not may_be_reached(place.path) and response.status_code not in (404, 405):
            assert is_led_to_enrol(response), place.path


@pytest.mark.parametrize("path", sorted(ENROLLING))
def test_the_pages_where_it_is_done_are_open(path, inside):
    assert not is_led_to_enrol(inside.get(path))


@pytest.mark.parametrize("place", places(under="api/ciam/v1/"), ids=lambda place: place.path)
def test_rest_is_closed_but_for_enrolment(place, inside):
    json = {"accept": "application/json"}
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(inside, method)(place.path, content_type="application/json", headers=json)
        if place.path in ENROLLING_BY_JSON | {"/api/ciam/v1/step-up/"}:
            assert "required_action" not in response.content.decode(), place.path
        elif place.path not in DESCRIBES_THE_API and response.status_code not in (404, 405):
            assert (response.status_code, response.json().get("action")) == (403, "enrol_factor"), place.path


def test_no_page_of_the_admin_is_open(inside):
    named = [
        url for own in admin.site._registry.values() for url in own.urls if url.name and "<" not in str(url.pattern)
    ]
    paths = [reverse("admin:index"), *(reverse(f"admin:{url.name}") for url in named)]
    assert len(paths) > 4
    for path in paths:
        assert is_led_to_enrol(inside.get(path)) and is_led_to_enrol(inside.post(path)), path


def test_allauth_s_protocol_is_closed(program):
    for call in (("get", "account/email"), ("post", "account/email", {"email": "x@example.org"})):
        refused = program.call(*call)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "required_action")
        assert refused.json()["data"] == {"action": "enrol_factor"}


def test_who_has_another_thing_to_do_first_does_not_enrol_meanwhile(inside, alice):
    """A password known from a breach is replaced first: whoever knows it must not add a factor of theirs."""
    type(alice).objects.update(password_breached_at=timezone.now())
    for path in ENROLLING:
        assert inside.get(path).url.split("?")[0] == reverse("ciam_change_password")
    refused = inside.post("/api/ciam/v1/factors/totp/", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["action"]) == (403, "replace_password")


# Doing it.


def test_staff_are_led_from_the_admin_to_enrolment_and_back(inside):
    assert inside.get("/admin/").url == f"{reverse('ciam_factors')}?next=%2Fadmin%2F"
    assert "Add one to go on" in inside.get("/accounts/factors/?next=/admin/").content.decode()
    enrol(inside)
    assert inside.get("/admin/").status_code == 200
    inside.go("ciam_keep_recovery_codes", {})
    assert inside.post(reverse("ciam_new_recovery_codes")).url == "/admin/"


def test_nobody_is_led_elsewhere_afterwards(inside):
    inside.get("/accounts/factors/?next=https://evil.example/")
    enrol(inside)
    inside.go("ciam_keep_recovery_codes", {})
    assert inside.post(reverse("ciam_new_recovery_codes")).url == reverse("ciam_factors")


def test_a_program_enrols_while_it_waits(program):
    assert program.get("/api/ciam/v1/profile/").json()["action"] == "enrol_factor"
    assert program.post("/api/ciam/v1/factors/totp/").status_code == 201
    code = shows(TotpAuthenticator.objects.get())
    done = program.post("/api/ciam/v1/factors/totp/confirm/", {"code": code}, content_type="application/json")
    assert done.status_code == 201
    assert program.get("/api/ciam/v1/profile/").status_code == 200


def test_a_stale_password_is_asked_for_again_even_then(inside, noon):
    """MF10: whoever finds the browser open adds no factor of theirs."""
    noon.shift(timedelta(minutes=16))
    inside.get("/accounts/factors/")
    asked = inside.go("ciam_add_totp")
    assert asked.url.startswith(reverse("ciam_step_up"))
    assert inside.get(asked.url).url.startswith(reverse("ciam_reauthenticate"))
    assert inside.get(inside.get(asked.url).url).status_code == 200
    assert not TotpAuthenticator.objects.exists()


def test_signing_out_is_open(inside):
    inside.sign_out()
    assert not inside.is_signed_in()


def test_who_has_a_factor_answers_it_and_is_inside(at_once):
    app, pages = with_totp(at_once), Pages()
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{app.pk}", shows(app))
    assert pages.get("/admin/").status_code == 200
    assert not FactorDemand.objects.exists()


def test_one_that_was_turned_off_does_not_count(at_once):
    codes = with_recovery_codes(at_once)
    TotpAuthenticator.objects.update(disabled_at="2026-02-01T00:00:00Z")
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    answer(pages, authenticators_of(at_once)[-1].key, codes[0])
    assert is_led_to_enrol(pages.get("/admin/"))
    enrol(pages)
    assert pages.get("/admin/").status_code == 200


# By when.


@pytest.fixture
def finance(bob):
    """Bob is in it."""
    group = Group.objects.create(name="Finance")
    bob.groups.add(group)
    return group


@pytest.fixture
def in_time(mfa, bob, finance):
    mfa(REQUIRED_FOR_GROUPS=("Finance",), REQUIRED_WITHIN=timedelta(days=10))
    pages = Pages()
    pages.sign_in(bob.email, PASSWORD)
    return pages


def sign_in_anew(person):
    pages = Pages()
    pages.sign_in(person.email, PASSWORD)
    return pages


def test_until_the_deadline_all_is_open_and_the_pages_say_when_it_is(in_time, settings):
    settings.TIME_ZONE = "UTC"
    for name in ("ciam_overview", "ciam_factors"):
        assert "second factor by March 11, 2026, noon" in in_time.get(reverse(name)).content.decode()


def test_a_session_is_held_up_the_moment_the_deadline_passes(in_time, noon):
    in_time.get("/accounts/")
    noon.shift(timedelta(days=9, hours=23, minutes=59))
    assert in_time.get("/accounts/").status_code == 200
    noon.shift(timedelta(minutes=1))
    assert is_led_to_enrol(in_time.get("/accounts/"))


@pytest.mark.parametrize("kind", [Browser, App])
def test_so_is_a_program_s(kind, in_time, bob, noon):
    client = kind()
    client.sign_in(bob.email, PASSWORD)
    assert client.get("/api/ciam/v1/profile/").status_code == 200
    noon.shift(timedelta(days=10))
    assert client.get("/api/ciam/v1/profile/").json()["action"] == "enrol_factor"


def test_neither_another_session_nor_leaving_for_a_day_moves_it(in_time, bob, finance, noon, recorded):
    in_time.get("/accounts/")
    noon.shift(timedelta(days=5))
    bob.groups.clear()
    sign_in_anew(bob).get("/accounts/")
    bob.groups.add(finance)
    noon.shift(timedelta(days=5))
    assert is_led_to_enrol(sign_in_anew(bob).get("/accounts/"))
    assert FactorDemand.objects.get().since.isoformat() == "2026-03-01T12:00:00+00:00"
    assert [event.subject_id for event in recorded(FactorDemanded)] == [str(bob.pk)]


def test_enrolling_and_removing_does_not_either(in_time, bob, finance, noon):
    in_time.get("/accounts/")
    app = enrol(in_time)
    bob.groups.clear()
    in_time.go("ciam_remove_authenticator", {}, f"totp-{app.pk}")
    assert not TotpAuthenticator.objects.exists()
    bob.groups.add(finance)
    noon.shift(timedelta(days=10))
    assert is_led_to_enrol(sign_in_anew(bob).get("/accounts/"))


def test_an_old_account_has_the_whole_time_from_the_day_the_rule_finds_it(bob, finance, mfa, noon):
    sign_in_anew(bob).get("/accounts/")
    noon.shift(timedelta(days=20))
    mfa(REQUIRED_FOR_GROUPS=("Finance",), REQUIRED_WITHIN=timedelta(days=10))
    pages = sign_in_anew(bob)
    assert pages.get("/accounts/").status_code == 200
    noon.shift(timedelta(days=10))
    assert is_led_to_enrol(pages.get("/accounts/"))


def test_a_rule_that_is_new_is_asked_of_sessions_that_are_old(alice, mfa):
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    assert pages.get("/accounts/").status_code == 200
    mfa(REQUIRED_FOR_STAFF=True, REQUIRED_WITHIN=timedelta(0))
    assert is_led_to_enrol(pages.get("/accounts/"))


def test_who_joins_in_the_middle_of_a_session_is_asked_within_the_hour(mfa, noon, bob):
    mfa(REQUIRED_FOR_GROUPS=("Finance",), REQUIRED_WITHIN=timedelta(0))
    pages = sign_in_anew(bob)
    assert pages.get("/accounts/").status_code == 200
    bob.groups.add(Group.objects.create(name="Finance"))
    noon.shift(timedelta(hours=1))
    assert is_led_to_enrol(pages.get("/accounts/"))


# Who.


class PayingOut(MfaAdapter):
    def must_have_second_factor(self, user):
        return user.email == "bob@example.org"


RULES = [
    {"REQUIRED_FOR_GROUPS": ("Finance", "Support")},
    {"ADAPTER": f"{__name__}.PayingOut"},
]


@pytest.mark.parametrize("rule", RULES)
def test_groups_and_the_host_s_rule_name_people_too(mfa, bob, alice, rule):
    bob.groups.add(Group.objects.create(name="Support"))
    alice.groups.add(Group.objects.create(name="Shipping"))
    mfa(REQUIRED_WITHIN=timedelta(0), **rule)
    for person, waits in ((bob, True), (alice, False)):
        pages = Pages()
        pages.sign_in(person.email, PASSWORD)
        assert is_led_to_enrol(pages.get("/accounts/")) is waits


def test_whom_no_rule_concerns_is_asked_nothing(bob, django_assert_num_queries):
    """Where there is no rule, an evaluation costs no statement; the session is asked for ever."""
    with django_assert_num_queries(0):
        standing = actions["enrol_factor"].standing(bob)
    assert (standing.is_open, standing.good_until) == (False, None)


def test_whom_the_rules_pass_by_costs_nothing_either(bob, mfa, django_assert_num_queries):
    mfa(REQUIRED_FOR_STAFF=True)
    with django_assert_num_queries(0):
        assert not actions["enrol_factor"].standing(bob).is_open


# What a host may have got wrong.


def test_a_rule_without_the_middleware_is_an_error(mfa, settings):
    mfa(REQUIRED_FOR_STAFF=True)
    assert check_rules(None) == []
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "required_actions" not in path]
    assert [own.id for own in check_rules(None)] == ["ciam_mfa.E304"]
    mfa(REQUIRED_FOR_STAFF=False)
    assert check_rules(None) == []


@pytest.mark.parametrize("path", ["no.such.Adapter", "ciam_core.adapters.CoreAdapter"])
def test_an_adapter_that_is_none_is_an_error(mfa, path):
    assert check_adapter(None) == []
    mfa(ADAPTER=path)
    assert [own.id for own in check_adapter(None)] == ["ciam_mfa.E305"]


def enrol(pages):
    pages.go("ciam_add_totp")
    app = TotpAuthenticator.objects.latest("pk")
    assert pages.go("ciam_confirm_totp", {"code": shows(app)}).url == reverse("ciam_keep_recovery_codes")
    return app
