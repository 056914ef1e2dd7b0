"""New recovery codes are seen until the person says that they have them: sealed in the session, for a while."""

import json
import time
from typing import Any

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.http import session_of
from ciam_core.kernel.secrets import SecretUnreadable, seal, unseal
from ciam_mfa.settings import conf

SHOWN_KEY = "ciam_mfa_new_codes"


@sensitive_variables()
def keep_codes(request: HttpRequest, codes: list[str]) -> None:
    text = json.dumps({"codes": codes, "at": time.time()})
    session_of(request)[SHOWN_KEY] = seal(text.encode(), context=_context(request.user))


@sensitive_variables()
def kept_codes(request: HttpRequest) -> list[str]:
    """Those that were just made in this session; none once they were confirmed or ``ENROLMENT_LIFETIME`` is over."""
    try:
        kept = json.loads(unseal(session_of(request).get(SHOWN_KEY, ""), context=_context(request.user)))
    except SecretUnreadable:
        return []
    fresh = time.time() - kept["at"] <= conf().ENROLMENT_LIFETIME.total_seconds()
    return list(kept["codes"]) if fresh else []


def forget_codes(request: HttpRequest) -> None:
    session_of(request).pop(SHOWN_KEY, None)


def _context(user: Any) -> str:
    return f"ciam_mfa.new_codes:{user.pk}"
