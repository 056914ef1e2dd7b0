"""Second factors alone: beside any user model, in front of Django's own sign-in and admin."""

import pytest

from tests.projects.running import Project

FIRST_USE = """
import time
from django.contrib.auth.models import User
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.flows import confirm_totp, make_recovery_codes, start_totp, verify_factor
from ciam_mfa.queries import authenticators_of
from ciam_mfa.totp.codes import code_at, current_step

alice = User.objects.create_user("alice")
app = start_totp(alice, origin=SYSTEM)
confirm_totp(alice, code=code_at(app.secret, current_step()), name="Phone", origin=SYSTEM)
codes = make_recovery_codes(alice, origin=SYSTEM)
totp, recovery = authenticators_of(alice)
try:
    verify_factor(alice, totp.key, answer={"code": code_at(app.secret, current_step())}, origin=SYSTEM)
except AnswerRejected:
    print("used already")
print(verify_factor(alice, recovery.key, answer={"code": codes[0]}, origin=SYSTEM).level.name)
"""

SIGN_IN = """
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.test.utils import setup_test_environment
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import confirm_totp, start_totp
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.totp.codes import code_at, current_step

setup_test_environment()
alice = User.objects.create_superuser("alice", "alice@example.org", "a long and quiet river")
app = start_totp(alice, origin=SYSTEM)
confirm_totp(alice, code=code_at(app.secret, current_step()), origin=SYSTEM)
print([message.subject for message in mail.outbox])

for door, inside in (("/sign-in/", "/private/"), ("/admin/login/?next=/admin/", "/admin/")):
    TotpAuthenticator.objects.update(last_step=-1)
    browser = Client()
    answer = browser.post(door, {"username": "alice", "password": "a long and quiet river"})
    assert answer.url == "/accounts/login/confirm/", answer
    assert browser.get(inside).status_code == 302
    page = browser.get(answer.url).content.decode()
    assert "Enter the code your authenticator app shows" in page
    typed = {"authenticator": f"totp-{app.pk}", "code": "000000"}
    assert browser.post(answer.url, typed).status_code == 400
    assert browser.get(inside).status_code == 302
    done = browser.post(answer.url, {**typed, "code": code_at(app.secret, current_step())})
    print(done.url, browser.get(inside).status_code)

program = Client()
typed = {"username": "alice", "password": "a long and quiet river"}
answer = program.post("/sign-in/", typed, headers={"accept": "application/json"})
print(answer.status_code, answer.json()["code"])

bob = User.objects.create_user("bob", password="a long and quiet river")
browser = Client()
print(browser.post("/sign-in/", {"username": "bob", "password": "a long and quiet river"}).url)
"""


PAGES = """
import re
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import setup_test_environment
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.totp.codes import code_at, current_step

setup_test_environment()
User.objects.create_user("alice", "alice@example.org", "a long and quiet river")
browser = Client()
browser.post("/sign-in/", {"username": "alice", "password": "a long and quiet river"})
print("Second factors" in browser.get("/accounts/security/").content.decode())
session = browser.session
session["ciam_shown"]["shown"][0]["at"] -= 3600
session.save()
asked = browser.post("/accounts/factors/app/add/", follow=True)
print(asked.redirect_chain[-1][0].split("?")[0], asked.status_code)
where = asked.redirect_chain[-1][0]
wrong = browser.post(where, {"password": "a guess"})
back = browser.post(where, {"password": "a long and quiet river"}, follow=True)
print(wrong.status_code, back.redirect_chain)
app = TotpAuthenticator.objects.get()
done = browser.post("/accounts/factors/app/confirm/", {"code": code_at(app.secret, current_step())}, follow=True)
browser.post("/accounts/factors/recovery-codes/keep/")
page = browser.get("/accounts/factors/recovery-codes/new/").content.decode()
print(len(re.findall("<code>", page)), browser.get("/accounts/factors/").status_code)
"""


TRUST = """
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.test.utils import setup_test_environment
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import confirm_totp, start_totp
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.totp.codes import code_at, current_step

setup_test_environment()
alice = User.objects.create_user("alice", "alice@example.org", "a long and quiet river")
app = start_totp(alice, origin=SYSTEM)
confirm_totp(alice, code=code_at(app.secret, current_step()), origin=SYSTEM)
TotpAuthenticator.objects.update(last_step=-1)
typed = {"username": "alice", "password": "a long and quiet river"}
browser = Client(headers={"User-Agent": "Firefox/127.0 (Windows)"})
print("for 30 days" in browser.post("/sign-in/", typed, follow=True).content.decode())
answer = {"authenticator": f"totp-{app.pk}", "code": code_at(app.secret, current_step()), "trust": "1"}
print(browser.post("/accounts/login/confirm/", answer).url, mail.outbox[-1].subject)
browser.post("/sign-out/")
print(browser.post("/sign-in/", typed).url)
print("Firefox on Windows" in browser.get("/accounts/factors/trusted/").content.decode())
browser.post("/sign-out/")

User.objects.filter(pk=alice.pk).update(is_staff=True)
print(browser.post("/admin/login/", typed).url, browser.post("/sign-in/", typed).url)
User.objects.filter(pk=alice.pk).update(is_staff=False)
print(browser.post("/sign-in/", typed).url)
browser.post("/accounts/factors/trusted/end/")
browser.post("/sign-out/")
print(browser.post("/sign-in/", typed).url)
"""


REQUIRED = """
from datetime import timedelta
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import override_settings, setup_test_environment
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.totp.codes import code_at, current_step

setup_test_environment()
held_up = "ciam_core.kernel.required_actions.RequiredActionsMiddleware"
rule = {"REQUIRED_FOR_STAFF": True, "REQUIRED_WITHIN": timedelta(0)}
override_settings(CIAM_MFA=rule, MIDDLEWARE=[*settings.MIDDLEWARE, held_up]).enable()
User.objects.create_superuser("alice", "alice@example.org", "a long and quiet river")
browser = Client()
browser.post("/admin/login/?next=/admin/", {"username": "alice", "password": "a long and quiet river"})
for path in ("/admin/", "/admin/auth/user/", "/private/", "/accounts/security/"):
    print(browser.get(path).url)
print(browser.get("/private/", headers={"accept": "application/json"}).json()["action"])
print(browser.post("/sign-out/").url)
print(browser.post("/accounts/factors/app/add/").url)
app = TotpAuthenticator.objects.get()
browser.post("/accounts/factors/app/confirm/", {"code": code_at(app.secret, current_step())})
print(browser.get("/admin/").status_code, browser.get("/private/").status_code)

User.objects.create_user("bob", password="a long and quiet river")
other = Client()
other.post("/sign-in/", {"username": "bob", "password": "a long and quiet river"})
print(other.get("/private/").status_code)
"""


@pytest.mark.parametrize("settings", ["mfa_only", "plain_django"])
def test_its_checks_pass_and_its_migrations_are_complete(tmp_path, settings):
    project = Project(f"tests.projects.{settings}", tmp_path)
    assert "no issues" in project.manage("check")
    assert "No changes detected" in project.manage("makemigrations", "--check", "--dry-run", "ciam_mfa")


def test_a_script_enrols_and_verifies(tmp_path):
    project = Project("tests.projects.mfa_only", tmp_path)
    project.manage("migrate", "--verbosity", "0")
    assert project.script(FIRST_USE) == "used already\nAAL2\n"


def test_nothing_of_the_account_is_imported(tmp_path):
    loaded = Project("tests.projects.mfa_only", tmp_path).script(
        "import sys; beside = ('ciam_core.', 'allauth', 'rest_framework')\n"
        "print([name for name in sys.modules if name.startswith(beside)])"
    )
    assert [name for name in eval(loaded) if not name.startswith("ciam_core.kernel")] == []


def test_django_s_own_sign_in_and_admin_ask_for_the_second_factor(tmp_path):
    project = Project("tests.projects.plain_django", tmp_path)
    project.manage("migrate", "--verbosity", "0")
    assert project.script(SIGN_IN).splitlines() == [
        "['localhost: a new second factor']",
        "/private/ 200",
        "/admin/ 200",
        "403 mfa.challenge_required",
        "/private/",
    ]


def test_its_pages_need_nothing_of_the_account(tmp_path):
    project = Project("tests.projects.plain_django", tmp_path)
    project.manage("migrate", "--verbosity", "0")
    assert project.script(PAGES).splitlines() == [
        "True",
        "/accounts/confirm/password/ 200",
        "400 [('/accounts/factors/app/add/', 302), ('/accounts/factors/app/confirm/', 302)]",
        "10 200",
    ]


def test_its_staff_are_led_to_enrol_where_the_host_says_so(tmp_path):
    project = Project("tests.projects.plain_django", tmp_path)
    project.manage("migrate", "--verbosity", "0")
    assert project.script(REQUIRED).splitlines() == [
        "/accounts/factors/?next=%2Fadmin%2F",
        "/accounts/factors/?next=%2Fadmin%2Fauth%2Fuser%2F",
        "/accounts/factors/?next=%2Fprivate%2F",
        "/accounts/factors/?next=%2Faccounts%2Fsecurity%2F",
        "enrol_factor",
        "/accounts/factors/",
        "/accounts/factors/app/confirm/",
        "200 200",
        "200",
    ]


def test_who_forgets_the_middleware_is_told(tmp_path):
    project = Project("tests.projects.plain_django", tmp_path)
    told = project.script(
        "from django.conf import settings; settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]\n"
        "from ciam_mfa.checks import check_middleware; print([own.id for own in check_middleware(None)])"
    )
    assert told == "['ciam_mfa.E302']\n"


def test_a_browser_is_trusted_but_not_with_the_admin(tmp_path):
    project = Project("tests.projects.plain_django", tmp_path)
    project.manage("migrate", "--verbosity", "0")
    assert project.script(TRUST).splitlines() == [
        "True",
        "/private/ localhost: a browser is trusted",
        "/private/",
        "True",
        "/accounts/login/confirm/ /accounts/login/confirm/",
        "/private/",
        "/accounts/login/confirm/",
    ]
