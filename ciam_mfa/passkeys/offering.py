"""Offering a passkey to somebody who has none: once in a while, and never after they said so."""

from django.db.models import Q
from django.utils import timezone

from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.passkeys.models import PasskeyOffer
from ciam_mfa.passkeys.queries import passkeys_of
from ciam_mfa.settings import conf


@flow
def offer_passkey(user: User, *, origin: Origin) -> bool:
    """Whether to offer ``user`` one now. Who is told so counts as asked, for ``PASSKEY_OFFERED_EVERY``."""
    every = conf().PASSKEY_OFFERED_EVERY
    if every is None or passkeys_of(user.pk).exists():
        return False
    now = timezone.now()
    offer, is_first = PasskeyOffer.objects.get_or_create(user_id=user.pk, defaults={"again_at": now + every})
    due = PasskeyOffer.objects.filter(pk=offer.pk, again_at__lte=now)
    return is_first or bool(due.update(again_at=now + every))


@flow
def decline_passkeys(user: User, *, origin: Origin) -> None:
    """``user`` is not to be offered one again."""
    PasskeyOffer.objects.update_or_create(user_id=user.pk, defaults={"again_at": None})


def was_just_offered(user: User) -> bool:
    """Whether ``user`` has been offered one and is left in peace for now."""
    at_rest = Q(again_at=None) | Q(again_at__gt=timezone.now())
    return PasskeyOffer.objects.filter(at_rest, user_id=user.pk).exists()
