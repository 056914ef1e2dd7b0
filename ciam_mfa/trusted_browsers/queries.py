"""Who may trust a browser, and which ones a person does."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.kernel.secrets import token_digest
from ciam_core.kernel.typing import User
from ciam_mfa.settings import conf
from ciam_mfa.trusted_browsers.models import TrustedBrowser


def trust_offered_to(user: User) -> timedelta | None:
    """For how long ``user`` may trust a browser; None: not at all.

    Staff are asked each time: Django's admin is open to whoever is signed in as one, at whatever level.
    """
    return None if getattr(user, "is_staff", False) else conf().TRUST_LIFETIME or None


def trusted_browsers_of(user: User) -> QuerySet[TrustedBrowser]:
    """Those that spare ``user`` the challenge now, the newest first. A shorter ``TRUST_LIFETIME`` holds at once."""
    lifetime, now = trust_offered_to(user), timezone.now()
    if lifetime is None:
        return TrustedBrowser.objects.none()
    own = TrustedBrowser.objects.filter(user_id=user.pk, bound__in=bounds_of(user))
    return own.filter(expires_at__gt=now, created_at__gt=now - lifetime).order_by("-created_at", "-pk")


def bounds_of(user: User) -> list[str]:
    """Digests of what changes with the password: under the ``SECRET_KEY`` of now first, then under its fallbacks."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return [token_digest(own) for own in hashes]
