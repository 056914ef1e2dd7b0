"""Questions about passkeys."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from ciam_core.kernel.typing import User
from ciam_mfa.passkeys.ceremonies import encoded
from ciam_mfa.passkeys.models import Passkey, UserHandle
from ciam_mfa.passkeys.relying_party import rp_id


def passkeys_of(user_id: Any) -> QuerySet[Passkey]:
    held: QuerySet[Passkey] = Passkey.objects.filter(user_id=user_id, confirmed=True)
    return held.order_by("pk")


def usable_passkeys_of(user_id: Any) -> QuerySet[Passkey]:
    return passkeys_of(user_id).filter(disabled_at=None)


def accepted_passkeys(user: User) -> Mapping[str, Any] | None:
    """What a page tells the authenticators of ``user``, so that they hide what was removed here (§5.1.10).

    None for somebody who never had a passkey.
    """
    handle = UserHandle.objects.filter(user_id=user.pk).first()
    if handle is None:
        return None
    ids = [encoded(bytes(own.credential_id)) for own in usable_passkeys_of(user.pk)]
    return {"rpId": rp_id(), "userId": handle.handle, "allAcceptedCredentialIds": ids}
