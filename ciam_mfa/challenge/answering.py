"""Answering in a session: what was begun is kept until the answer, and what was shown is noted."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.assurance import note_shown
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.typing import User
from ciam_mfa.factors.channels import require_another_channel
from ciam_mfa.factors.factor import Finding
from ciam_mfa.factors.flows import begin_factor, verify_factor
from ciam_mfa.factors.queries import factor_of

BEGUN_KEY = "ciam_mfa_begun"


def begin_answer(request: HttpRequest, user: User, key: str) -> Mapping[str, Any]:
    """Do what must come before an answer with ``key``; what the person is to be shown. Raises ``SameChannel``."""
    require_another_channel(request, user, factor_of(key))
    begun = begin_factor(user, key, origin=origin_of(request))
    kept = {"authenticator": key, "prompt": dict(begun.prompt), "state": dict(begun.state)}
    session_of(request)[BEGUN_KEY] = kept
    return begun.prompt


def prompt_for(request: HttpRequest, key: str) -> Mapping[str, Any]:
    """What was begun for ``key`` in this session; empty where nothing was."""
    prompt: Mapping[str, Any] = _begun(request, key).get("prompt", {})
    return prompt


@sensitive_variables()
def give_answer(request: HttpRequest, user: User, key: str, answer: Mapping[str, Any]) -> Finding:
    """Verify ``answer``, and note in the session what it shows. Raises as ``verify_factor``, or
    ``SameChannel``.
    """
    require_another_channel(request, user, factor_of(key))
    state = _begun(request, key).get("state", {})
    finding = verify_factor(user, key, answer=answer, state=state, origin=origin_of(request))
    session = session_of(request)
    session.pop(BEGUN_KEY, None)
    method = key.rpartition("-")[0]
    note_shown(session, str(user.pk), method=method, amr=finding.amr, level=finding.level)
    return finding


def _begun(request: HttpRequest, key: str) -> dict[str, Any]:
    begun: dict[str, Any] = session_of(request).get(BEGUN_KEY) or {}
    return begun if begun.get("authenticator") == key else {}
