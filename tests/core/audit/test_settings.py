"""What is written wrongly about the trail is a check error, not a surprise at night."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks

from ciam_core.settings import conf


@pytest.mark.parametrize(
    ("value", "check"),
    [
        ({"AUDIT_SINKS": {"x": {"BACKEND": "nowhere.Sink"}}}, "ciam_core.E107"),
        ({"AUDIT_SINKS": {"x": {"BACKEND": "ciam_core.audit.sinks.FileSink"}}}, "ciam_core.E107"),
        ({"AUDIT_SINKS": {"x": {}}}, "ciam_core.E107"),
        ({"AUDIT_SINKS": {"x": {"BACKEND": "builtins.dict"}}}, "ciam_core.E107"),
        ({"AUDIT_RETENTION": timedelta(hours=1)}, "ciam_core.E004"),
        ({"AUDIT_SIGNING_KEY": "short"}, "ciam_core.E004"),
        ({"AUDIT_PUBLIC_KEYS": ("ABC",)}, "ciam_core.E004"),
        ({"AUDIT_CHECKPOINT_EVERY": timedelta(seconds=-1)}, "ciam_core.E004"),
    ],
)
def test_what_cannot_work_is_named(settings, value, check):
    settings.CIAM_CORE = {**settings.CIAM_CORE, **value}
    assert check in {problem.id for problem in run_checks()}


def test_the_signing_key_is_never_shown(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "AUDIT_SIGNING_KEY": "A" * 43 + "="}
    assert "AAAA" not in repr(conf())
    assert run_checks() == []
