"""Clients that know ``allauth.mfa``, unmodified: what they send and read is what allauth's specification says."""

import json

import pytest

from tests.projects.running import Project

TELL = """
import json
from django.test.utils import setup_test_environment
from tests.projects.allauth_client import tell
setup_test_environment()
print(json.dumps(tell()))
"""
CHECKS = """
from django.conf import settings
from ciam_mfa.checks import check_allauth_clients

def told():
    print(*(error.msg.split()[0] for error in check_allauth_clients(None)))

told()
settings.MFA_SUPPORTED_TYPES = ["totp"]
del settings.MFA_ADAPTER
told()
settings.MFA_ADAPTER = "nowhere.Adapter"
told()
"""
OFF = """
from django.conf import settings
from tests.projects.allauth_client import AllauthClient
settings.CIAM_MFA = {}
print(*(AllauthClient(kind).call("post", "auth/2fa/authenticate", {"code": "1"})[0] for kind in ("app", "browser")))
"""
LEFT = """
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from tests.factories import PersonFactory
alice = PersonFactory(email="left@example.org")
Authenticator.objects.create(user=alice, type="totp", data={"secret": "sealed by the host"})
try:
    call_command("check", databases=["default"], fail_level="WARNING")
except Exception as error:
    print("ciam_mfa.W307" in str(error), "sealed" in str(error))
Authenticator.objects.all().delete()
call_command("check", databases=["default"], fail_level="WARNING")
"""
WRONG = [400, "incorrect_code"]

both = pytest.mark.parametrize("kind", ["app", "browser"])


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project("tests.projects.allauth_clients", tmp_path_factory.mktemp("clients"))
    project.manage("migrate", "--verbosity", "0")
    return project


@pytest.fixture(scope="module")
def stories(project):
    """All of them in one process, each with a person of its own."""
    return json.loads(project.script(TELL))


def test_its_checks_pass(project):
    assert "no issues" in project.manage("check")


@both
def test_a_sign_in_is_completed_by_a_code(stories, kind):
    assert stories[f"completed_by_a_code {kind}"] == [
        [401, {"id": "mfa_authenticate", "is_pending": True, "types": ["totp"]}],
        WRONG,
        [400, "required"],
        False,
        [200, [["password", None, False], ["mfa", "totp", False]], True],
        401,
    ]


@both
def test_a_sign_in_is_completed_by_a_recovery_code_once(stories, kind):
    assert stories[f"completed_by_a_recovery_code {kind}"] == [
        ["recovery_codes", "totp"],
        [200, ["mfa", "recovery_codes", False], True],
        WRONG,
        False,
    ]


@both
def test_who_they_are_is_shown_again_by_a_code(stories, kind):
    """The session gets another key, an app its new token (SE1)."""
    assert stories[f"shown_again_by_a_code {kind}"] == [
        [401, {"id": "reauthenticate"}, {"id": "mfa_reauthenticate", "types": ["totp"]}],
        WRONG,
        401,
        [200, ["mfa", "totp", True]],
        [200, True],
    ]


@both
def test_without_a_password_a_code_opens_nothing(stories, kind):
    assert stories[f"a_stranger {kind}"] == [401, 401]


@both
def test_a_passkey_completes_a_sign_in_and_shows_it_again(stories, kind):
    assert stories[f"by_passkey {kind}"] == [
        ["webauthn"],
        WRONG,
        False,
        [["mfa", "webauthn", False], True],
        ["mfa", "webauthn", True],
        200,
    ]


@both
def test_a_passkey_signs_in_alone(stories, kind):
    assert stories[f"by_passkey_alone {kind}"] == [400, [[["mfa", "webauthn", False]], True]]


@both
def test_a_code_is_asked_of_the_app_that_was_used_last(stories, kind):
    """Trap 6: a code of another app costs that other one nothing."""
    assert stories[f"asked_of_the_app_that_was_used_last {kind}"] == [[400] * 5 + [429], [200, True]]


def test_who_forgets_a_part_is_told(project):
    both = "MFA_ADAPTER MFA_SUPPORTED_TYPES"
    assert project.script(CHECKS).splitlines() == ["", both, both]


def test_turned_off_its_paths_are_not_there(project):
    assert project.script(OFF) == "404 404\n"


def test_factors_in_allauth_s_own_table_are_told_of(project):
    assert project.script(LEFT).splitlines()[0] == "True False"
