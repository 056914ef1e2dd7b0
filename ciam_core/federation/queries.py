"""Questions about linked identities."""

from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider
from ciam_core.federation.settings import conf


def linked(identity: Identity) -> SocialAccount | None:
    """The row of exactly this subject of exactly this issuer (LK5, LK9); a provider that moved is a stranger."""
    row = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).select_related("user").first()
    return row if row is not None and row.extra_data.get("issuer") == identity.issuer else None


def identities_of(user: Any) -> QuerySet[SocialAccount]:
    """By when they were linked."""
    held: QuerySet[SocialAccount] = SocialAccount.objects.filter(user_id=user.pk)
    return held.order_by("pk")


def provider_name(provider_id: str) -> str:
    """What people call it; its id where it is not offered any more."""
    known: Provider | None = conf().providers.get(provider_id)
    return known.name if known else provider_id


def added_identities(user: Any, since: datetime) -> list[str]:
    """The identities that were linked since then, as the page of linked accounts shows them."""
    rows = identities_of(user).filter(date_joined__gte=since)
    return [" ".join(filter(None, (provider_name(row.provider), row.extra_data.get("address")))) for row in rows]


def exported_identities(subject_id: str) -> list[dict[str, Any]]:
    """For a person's export: which accounts elsewhere open this one."""
    return [
        {"provider": row.provider, "subject": row.uid, "linked_at": row.date_joined, "last_used_at": row.last_login}
        for row in SocialAccount.objects.filter(user_id=subject_id).order_by("pk")
    ]


__all__ = ["added_identities", "exported_identities", "identities_of", "linked", "provider_name"]
