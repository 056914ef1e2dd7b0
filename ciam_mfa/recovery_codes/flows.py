"""Making recovery codes. They are known once, to whoever is given them."""

from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import NothingToBackUp
from ciam_mfa.factors.flows import add, forget, lock
from ciam_mfa.factors.queries import authenticators_of, demands_second_factor
from ciam_mfa.recovery_codes.codes import COUNT, digest_of, new_code, new_pepper
from ciam_mfa.recovery_codes.factor import recovery_codes
from ciam_mfa.recovery_codes.models import RecoveryCode, RecoveryCodeSet


@sensitive_variables()
@flow
def make_recovery_codes(user: User, *, origin: Origin) -> list[str]:
    """Ten new codes; those of before are worth nothing any more. This is the only time they are known.

    Raises ``NothingToBackUp`` for somebody without another factor.
    """
    lock(user)
    if not demands_second_factor(authenticators_of(user)):
        raise NothingToBackUp()
    for former in RecoveryCodeSet.objects.filter(user_id=user.pk):
        forget(user, recovery_codes, former, reason="replaced", origin=origin)
    codes = [new_code() for _ in range(COUNT)]
    pepper, name = new_pepper(), str(recovery_codes.title)
    made = RecoveryCodeSet.objects.create(user_id=user.pk, name=name, confirmed=True, pepper=pepper)
    RecoveryCode.objects.bulk_create([RecoveryCode(set=made, digest=digest_of(code, pepper)) for code in codes])
    add(user, recovery_codes, made, origin=origin)
    return codes
