import pytest

from tests.journeys.walkers import WALKERS, Walker


@pytest.fixture(params=WALKERS, ids=lambda kind: kind.__name__)
def walker(request: pytest.FixtureRequest, db: None, settings: object) -> Walker:
    """A person at each kind of client in turn."""
    profile = {"full_name": {"label": "Full name"}}
    settings.CIAM_CORE = {"PROFILE": profile, "BREACHED_PASSWORDS": None}  # type: ignore[attr-defined]
    kind: type[Walker] = request.param
    return kind()
