"""What Django does not write into a migration by itself."""

import pytest

from tests.architecture.sources import ROOT

MIGRATIONS = sorted(path for app in ("ciam_core", "ciam_mfa") for path in (ROOT / app).rglob("migrations/0*.py"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_table_that_points_at_the_user_waits_for_the_host_s_own_model(path):
    # makemigrations leaves this dependency out where the user model is in the same app, as ours is.
    text = path.read_text()
    points_at_user = "to=settings.AUTH_USER_MODEL" in text
    assert not points_at_user or "migrations.swappable_dependency(settings.AUTH_USER_MODEL)" in text
