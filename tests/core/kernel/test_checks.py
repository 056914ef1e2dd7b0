import base64

import pytest
from celery import current_app
from django.core.checks import Error

from ciam_core.kernel.checks import check_production, check_settings

KEY, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
SOUND = {"PUBLIC_URL": "https://shop.example", "KEYS": {"a": KEY}, "PERSON_KEYS": {"2026": OTHER}}


@pytest.fixture(autouse=True)
def broker():
    current_app.conf.broker_url = "redis://broker.example"
    yield
    current_app.conf.broker_url = None


@pytest.fixture
def found(settings):
    def found(check=check_settings, **changed):
        settings.CIAM_KERNEL = SOUND | changed
        return {problem.id: problem for problem in check()}

    return found


def test_a_sound_project_has_nothing_to_hear(found):
    assert found() == {}
    assert found(check_production) == {}


def test_a_misspelt_setting_is_named_with_the_one_meant(found):
    assert found(PUBLIC_ULR="x")["ciam_kernel.E001"].hint == "Did you mean 'PUBLIC_URL'?"


@pytest.mark.parametrize("ring", ["KEYS", "PERSON_KEYS"])
@pytest.mark.parametrize(
    ("key_id", "key"),
    [
        ("a", "not base64 at all"),
        ("a", base64.b64encode(b"too short").decode()),
        ("a", ""),
        ("a", 4929),
        ("with:colon", KEY),
        ("x" * 33, KEY),
        ("", KEY),
    ],
)
def test_a_malformed_key_is_an_error_that_does_not_show_it(found, ring, key_id, key):
    problem = found(**{ring: {"good": KEY, key_id: key}})["ciam_kernel.E005"]

    assert isinstance(problem, Error)
    assert f"[{ring!r}][{key_id!r}]" in problem.msg
    assert not key or str(key) not in f"{problem.msg} {problem.hint}"


def test_a_ring_may_end_with_the_secret_key(found):
    assert found(KEYS={"a": KEY, "old": "SECRET_KEY"}) == {}
    assert found(check_production, KEYS={"a": KEY, "old": "SECRET_KEY"}) == {}


def test_atomic_requests_is_an_error(found, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert list(found()) == ["ciam_kernel.E006"]


def test_an_unknown_database_for_person_keys_is_an_error(found):
    assert list(found(PERSON_KEYS_DATABASE="vault")) == ["ciam_kernel.E007"]


def test_production_wants_https(found):
    assert list(found(check_production, PUBLIC_URL="http://shop.example")) == ["ciam_kernel.W001"]


@pytest.mark.parametrize("keys", [{}, {"old": "SECRET_KEY"}, {"old": "SECRET_KEY", "a": KEY}])
def test_production_wants_keys_of_its_own(found, keys):
    assert "ciam_reencrypt" in found(check_production, KEYS=keys)["ciam_kernel.W002"].hint
    assert "ciam_reencrypt" in found(check_production, PERSON_KEYS=keys)["ciam_kernel.W003"].hint


def test_production_wants_wrapping_keys_apart_from_the_others(found):
    problem = found(check_production, PERSON_KEYS={"2026": KEY})["ciam_kernel.W003"]

    assert KEY not in f"{problem.msg} {problem.hint}"


def test_the_production_check_is_silent_where_the_settings_cannot_be_read(found):
    assert found(check_production, KEYS={"a": "broken"}) == {}
    assert found(check_production, KEYS="broken") == {}


def test_a_missing_broker_is_named_before_production(found):
    current_app.conf.broker_url = None

    assert list(found(check_production)) == ["ciam_kernel.W004"]
