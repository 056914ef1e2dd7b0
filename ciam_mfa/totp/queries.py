"""Enrolments on their way."""

from typing import Any

import segno
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import EnrolmentExpired
from ciam_mfa.factors.flows import is_expired
from ciam_mfa.totp.codes import enrolment_uri
from ciam_mfa.totp.models import TotpAuthenticator


def pending_totp(user: User) -> TotpAuthenticator:
    """The enrolment that waits for its first code. Raises ``EnrolmentExpired``."""
    unconfirmed: QuerySet[TotpAuthenticator] = TotpAuthenticator.objects.filter(user_id=user.pk, confirmed=False)
    waiting = unconfirmed.order_by("-pk").first()
    if waiting is None or is_expired(waiting):
        raise EnrolmentExpired()
    return waiting


def uri_of(authenticator: TotpAuthenticator) -> str:
    user: Any = authenticator.user
    address = getattr(user, user.get_email_field_name(), None)
    return enrolment_uri(authenticator.secret, issuer=kernel().product_name, account=address or user.get_username())


def qr_code(text: str) -> SafeString:
    """``text`` as an inline SVG: dark on light with its quiet zone, also on a dark page, and no style attribute."""
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, light="#fff", svgclass=None, lineclass=None))  # noqa: S308


def in_groups(secret: str) -> str:
    """``JBSW Y3DP …``: easier to carry over by eye; apps leave the spaces out."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
