from datetime import timedelta

import pytest
from django.core.checks import run_checks

from ciam_core.accounts.attributes import TAKEN
from ciam_core.messages.checks import INBOX
from ciam_core.passwords.hashers import MOST_MEMORY, MOST_TIME

pytestmark = pytest.mark.django_db  # Django 6.1 asks the database for its limits


OURS = "ciam_core.accounts.backends.CiamBackend"


def ids(settings, **checks):
    return [problem.id for problem in run_checks(include_deployment_checks=True) if problem.id.startswith("ciam_core")]


@pytest.fixture(autouse=True)
def safe(settings):
    from ciam_core import defaults
    from ciam_core.checks import SAFE

    for name in SAFE:
        setattr(settings, name, getattr(defaults, name))
    settings.CIAM_CORE = {}


def test_the_defaults_are_safe(settings):
    assert ids(settings) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"]),
        ("AUTH_PASSWORD_VALIDATORS", []),
        ("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"]),
        ("AUTHENTICATION_BACKENDS", [OURS, "django.contrib.auth.backends.ModelBackend"]),
        ("AUTHENTICATION_BACKENDS", [OURS, "allauth.account.auth_backends.AuthenticationBackend"]),
        ("HEADLESS_ADAPTER", "allauth.headless.adapter.DefaultHeadlessAdapter"),
        ("ACCOUNT_UNIQUE_EMAIL", False),
        ("ACCOUNT_EMAIL_VERIFICATION", "optional"),
        ("SESSION_COOKIE_NAME", "sessionid"),
        ("SESSION_COOKIE_AGE", 365 * 24 * 3600),
        ("SESSION_COOKIE_SAMESITE", "None"),
        ("SECURE_CSP", {"script-src": ["'self'", "'unsafe-inline'"]}),
        ("X_FRAME_OPTIONS", "SAMEORIGIN"),
    ],
)
def test_each_weaker_override_is_named(settings, name, value):
    setattr(settings, name, value)
    weak = [problem for problem in run_checks(include_deployment_checks=True) if problem.id == "ciam_core.W101"]
    assert [problem.msg.split()[0] for problem in weak] == [name]


@pytest.mark.parametrize("beside", ["django.contrib.auth.backends.RemoteUserBackend", "shop.no.such.Backend"])
def test_a_back_end_that_takes_no_password_is_the_hosts_choice(settings, beside):
    settings.AUTHENTICATION_BACKENDS = [OURS, beside]
    assert ids(settings) == []


def test_a_missing_middleware_is_an_error(settings):
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "required_actions" not in path]
    assert ids(settings) == ["ciam_core.E102"]


def test_a_misspelt_setting_is_named_at_start(settings):
    settings.CIAM_CORE = {"PASWORD_MIN_LENGTH": 15}
    [problem] = [found for found in run_checks() if found.id == "ciam_core.E001"]
    assert "Did you mean 'PASSWORD_MIN_LENGTH'?" in problem.hint


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PASSWORD_HASH_MEMORY", MOST_MEMORY + 1, "at most 131072"),
        ("PASSWORD_HASH_MEMORY", 7, "at least 8"),
        ("PASSWORD_HASH_TIME", MOST_TIME + 1, "at most 10"),
        ("PASSWORD_HASH_TIME", 0, "at least 1"),
        ("PASSWORD_HASH_CONCURRENCY", 0, "at least 1"),
        ("MAX_ADDRESSES", 0, "at least 1"),
        ("VERIFY_LIFETIME", timedelta(0), "longer than nothing"),
        ("SIGN_IN_LIFETIME", timedelta(minutes=-1), "longer than nothing"),
        ("PASSWORD_HASH_WAIT", timedelta(0), "longer than nothing"),
    ],
)
def test_a_value_that_cannot_work_is_named_at_start(settings, name, value, sentence):
    settings.CIAM_CORE = {name: value}
    [problem] = [found for found in run_checks() if found.id == "ciam_core.E004"]
    assert name in problem.msg
    assert sentence in problem.msg


def test_the_most_our_own_verifier_takes_can_be_set(settings):
    settings.CIAM_CORE = {"PASSWORD_HASH_MEMORY": MOST_MEMORY, "PASSWORD_HASH_TIME": MOST_TIME}
    assert ids(settings) == []


@pytest.mark.parametrize(
    ("core", "named"),
    [
        ({"ADAPTER": "shop.no.such.Adapter"}, "ciam_core.E104"),
        ({"ADAPTER": "datetime.date"}, "ciam_core.E104"),
        ({"BREACHED_PASSWORDS": "shop.no.such.Client"}, "ciam_core.E105"),
        ({"BREACHED_PASSWORDS": "datetime.date"}, "ciam_core.E105"),
    ],
)
def test_a_class_that_cannot_be_used_is_named_at_start(settings, core, named):
    settings.CIAM_CORE = core
    assert [problem.id for problem in run_checks() if problem.id.startswith("ciam_core")] == [named]


def test_an_account_adapter_without_our_stages_is_an_error(settings):
    settings.ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
    assert ids(settings) == ["ciam_core.E106"]


def test_a_code_page_must_last_as_long_as_its_code(settings):
    settings.ACCOUNT_LOGIN_TIMEOUT = 900
    assert ids(settings) == ["ciam_core.W103"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD_MIN_LENGTH", 14),
        ("SIGN_IN_LIFETIME", timedelta(minutes=11)),
        ("RECOVER_LIFETIME", timedelta(hours=25)),
        ("BREACHED_PASSWORDS", None),
    ],
)
def test_each_weak_value_of_ours_is_named(settings, name, value):
    settings.CIAM_CORE = {name: value}
    [weak] = [problem for problem in run_checks(include_deployment_checks=True) if problem.id == "ciam_core.W102"]
    assert name in weak.msg


def test_the_developer_inbox_is_named_without_being_asked_for_production(settings):
    settings.EMAIL_BACKEND = INBOX
    assert "ciam_core.E101" in [problem.id for problem in run_checks()]


@pytest.mark.parametrize("name", [*sorted(TAKEN), "a" * 61, "straße", "full name", 7])
def test_a_name_that_cannot_be_an_attributes_is_named(settings, name):
    settings.CIAM_CORE = {"PROFILE": {name: {"label": "x"}}}
    [problem] = [found for found in run_checks() if found.id == "ciam_core.E004"]
    assert repr(name) in problem.msg


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        ({"labl": "Name"}, "Did you mean 'label'?"),
        ({}, "lacks 'label'"),
        ({"label": "x", "type": "number"}, "'type' is one of"),
        ({"label": "x", "type": "choice"}, "'choices' go with"),
        ({"label": "x", "required": "asked", "write": ["staff"]}, "may not write it"),
        ({"label": "x", "encrypted": True, "personal": False}, "so it is personal"),
        ({"label": "x", "read": ["everybody"]}, "not everybody"),
        ({"label": "x", "read": [["customer"]]}, "not ['customer']"),
        ({"label": "x", "read": "staff"}, "'read' must be a list of 'customer' and 'staff', not str"),
        ({"label": "x", "max_length": "9"}, "'max_length' must be a whole number, not str"),
        ({"label": "x", "max_length": True}, "'max_length' must be a whole number, not bool"),
        ({"label": "x", "max_length": 0}, "at least 1"),
        ({"label": "x", "encrypted": "yes"}, "'encrypted' must be True or False, not str"),
        ({"label": 7}, "'label' must be a text, not int"),
        ({"label": "x", "type": "choice", "choices": ["a", "b"]}, "list of pairs"),
        ("Full name", "must be a dict"),
    ],
)
def test_a_wrong_profile_declaration_says_what_is_wrong(settings, declaration, words):
    settings.CIAM_CORE = {"PROFILE": {"full_name": declaration}}
    [problem] = [found for found in run_checks() if found.id == "ciam_core.E004"]
    assert words in problem.msg
