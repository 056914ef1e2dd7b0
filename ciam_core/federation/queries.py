"""Questions about linked identities."""

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


def exported_identities(subject_id: str) -> list[dict[str, Any]]:
    """For a person's export: which accounts elsewhere open this one."""
    return [
        {"provider": row.provider, "subject": row.uid, "linked_at": row.date_joined, "last_used_at": row.last_login}
        for row in SocialAccount.objects.filter(user_id=subject_id).order_by("pk")
    ]


__all__ = ["exported_identities", "identities_of", "linked", "provider_name"]
